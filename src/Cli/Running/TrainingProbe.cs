using System.Diagnostics;
using CnnTrainers.Cli.Commands;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Running;

/// <summary>What a fit will take, foretold from some steps of a network that is thrown away.</summary>
internal sealed record TrainingProbe
{
    private const int FewSteps = 2, MostSteps = 50;
    private const double SecondsOfSteps = 1.5;
    private const double Margin = 1.1; // what else an epoch costs, and a machine's moods
    private const double Forward = 1.0 / 3; // the share of a step
    private const int ShortFit = 100, SettlingBatches = 40; // steps of a fit that takes its norms' statistics anew after each epoch, from so many batches
    private const double BytesPerSecond = 40e6; // of a model file, compressed
    private const double SecondsOfReport = 3;

    public int Images { get; private init; }

    public int ValidationImages { get; private init; }

    public int StepsPerEpoch { get; private init; }

    public double SecondsPerStep { get; private init; }

    /// <summary>Of reading one image.</summary>
    public double SecondsPerImage { get; private init; }

    /// <summary>From the beginning to the first step.</summary>
    public double SecondsToBegin { get; private init; }

    /// <summary>Of saving the model, once.</summary>
    public double SecondsToSave { get; private init; }

    /// <summary>The most memory that the process will have at once.</summary>
    public long MemoryBytes { get; private init; }

    private int BatchSize { get; init; }

    private double SecondsToSettle => Forward * SecondsPerStep * Math.Min(SettlingBatches, StepsPerEpoch);

    /// <summary>Of an epoch of a fit of so many, with its validation.</summary>
    public double SecondsPerEpoch(int epochs) => Margin * (StepsPerEpoch * SecondsPerStep + SecondsToScore(ValidationImages) + (epochs * StepsPerEpoch < ShortFit ? SecondsToSettle : 0));

    /// <summary>What comes after the last epoch.</summary>
    /// <param name="testImages">Images that the model is measured on.</param>
    /// <param name="withReport">Whether a report is written.</param>
    public double SecondsToEnd(int testImages, bool withReport) =>
        SecondsToSave + SecondsToScoreFiles(testImages) + (withReport ? SecondsOfReport + SecondsToScoreFiles(ValidationImages) : 0);

    /// <summary>The most epochs of a fit that takes no longer than that, without what comes before and after them.</summary>
    public int EpochsIn(double seconds)
    {
        int most = (int)Math.Clamp(seconds / SecondsPerEpoch(int.MaxValue / StepsPerEpoch), 0, int.MaxValue / StepsPerEpoch);
        return most * StepsPerEpoch >= ShortFit ? most : (int)Math.Max(0, seconds / SecondsPerEpoch(1));
    }

    /// <summary>Trains for a few steps: two, and then more where these are short.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="train">The training images, with those that will be set apart.</param>
    /// <param name="validation">Other images to measure on; null: some are set apart, or none.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="size">Of the images.</param>
    /// <param name="options">As for the fit.</param>
    /// <param name="trained">Takes a trained model, which is disposed after that.</param>
    public static TrainingProbe Of(MLContext ml, DataSet train, DataSet? validation, CnnArchitecture architecture, (int Height, int Width) size, CnnTrainerOptions options, Action<TrainedModel>? trained = null)
    {
        int held = validation is null ? (int)Math.Round(options.ValidationFraction * train.Count) : 0, images = train.Count - held;
        Measured first = Fit(FewSteps, trained);
        int more = (int)Math.Min(MostSteps, SecondsOfSteps / Math.Max(first.PerStep, 1e-3));
        Measured measured = more > FewSteps ? Fit(more, null) : first;
        double perImage = SecondsToRead(ml, train, size, measured.Images);
        bool keepsFeatures = options.TrainableFrom == CnnTrainerOptions.Head; // all images then run through the frozen layers before the first step
        return new TrainingProbe
        {
            Images = images,
            ValidationImages = validation?.Count ?? held,
            BatchSize = options.BatchSize,
            StepsPerEpoch = Math.Max(1, (int)Math.Ceiling((double)images / options.BatchSize / options.AccumulationSteps)),
            SecondsPerStep = measured.PerStep,
            SecondsPerImage = perImage,
            SecondsToBegin = measured.ToBegin + (train.Count + (validation?.Count ?? 0) - measured.Images) * (keepsFeatures ? measured.ToBegin / measured.Images : perImage),
            SecondsToSave = 4.0 * NetworkSummary.Of(architecture, new ImageShape(3, size.Height, size.Width), Classes(train)).Parameters / BytesPerSecond,
            MemoryBytes = Machine.PeakBytes + Math.Min((long)(train.Count - measured.Images) * 3 * size.Height * size.Width, options.MemoryBudgetBytes ?? Machine.FreeBytes / 2),
        };

        Measured Fit(int steps, Action<TrainedModel>? take) => TrainSome(ml, train, validation ?? (held > 0 ? train : null), architecture, size, options, steps, take);
    }

    private static int Classes(DataSet data) => Enumerable.Range(0, data.Count).Select(data.LabelOf).Distinct().Count();

    private static Measured TrainSome(
        MLContext ml, DataSet train, DataSet? validation, CnnArchitecture architecture, (int Height, int Width) size, CnnTrainerOptions options, int steps, Action<TrainedModel>? take)
    {
        DataSet some = Some(train, steps * options.BatchSize * options.AccumulationSteps);
        int stepsOfSome = Math.Max(1, (some.Count + options.BatchSize * options.AccumulationSteps - 1) / (options.BatchSize * options.AccumulationSteps));
        int epochs = (steps + stepsOfSome - 1) / stepsOfSome;
        var marks = new List<long>();
        long start = Stopwatch.GetTimestamp();
        TrainedModel model = Training.Fit(ml, train, some, validation is null ? null : Some(validation, options.BatchSize), architecture, size.Height, size.Width, options with
        {
            Epochs = epochs, WarmupEpochs = 0, ValidationFraction = 0, CheckpointFolder = null, CheckpointEvery = null, CheckpointEverySteps = null, Resume = false, LogFolder = null,
            EarlyStoppingPatience = null, TimeLimit = null, OnProfile = null, OnProgress = null, OnEpoch = null, OnStep = _ => marks.Add(Stopwatch.GetTimestamp()),
        });
        using CnnTransformer network = model.Network;
        take?.Invoke(model);
        int warm = marks.Count / 4; // the first steps make buffers
        double perStep = marks.Count > 1 ? Stopwatch.GetElapsedTime(marks[warm], marks[^1]).TotalSeconds / (marks.Count - 1 - warm) : Stopwatch.GetElapsedTime(start, marks[0]).TotalSeconds;
        return new Measured(some.Count, perStep, Math.Max(0, Stopwatch.GetElapsedTime(start, marks[0]).TotalSeconds - perStep));
    }

    // From all over the data set, as a folder has its images class by class.
    private static DataSet Some(DataSet data, int count) =>
        count >= data.Count ? data : data.Subset(Enumerable.Range(0, count).Select(i => (int)((i + 0.5) * data.Count / count)));

    private static double SecondsToRead(MLContext ml, DataSet data, (int Height, int Width) size, int count)
    {
        DataSet some = Some(data, count);
        IDataView rows = some.Load(ml);
        IDataView pixels = some.LoadPixels(ml, size.Height, size.Width).Fit(rows).Transform(rows);
        var clock = Stopwatch.StartNew();
        int read = pixels.GetColumn<VBuffer<byte>>("Pixels").Count();
        return clock.Elapsed.TotalSeconds / Math.Max(1, read);
    }

    private double SecondsToScore(int images) => Forward * SecondsPerStep * images / BatchSize;

    private double SecondsToScoreFiles(int images) => images * SecondsPerImage + SecondsToScore(images);

    private sealed record Measured(int Images, double PerStep, double ToBegin);
}
