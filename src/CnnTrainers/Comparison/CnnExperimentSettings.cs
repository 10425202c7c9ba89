using Microsoft.ML;

namespace CnnTrainers;

/// <summary>What a <see cref="CnnExperiment"/> compares, and within which bounds. Everything has a default.</summary>
public sealed record CnnExperimentSettings : ExperimentSettings
{
    /// <summary>
    /// The networks to compare: <c>[LeNetVariant.LeNet5, ResNetVariant.ResNet18]</c>, or by <see cref="Named"/>. Default null: a set that suits
    /// the size and the number of the images.
    /// </summary>
    public IReadOnlyList<CnnArchitecture>? Architectures { get; init; }

    /// <summary>
    /// The options that every trial begins with. Columns, image shape, seed and <see cref="CnnTrainerOptions.Epochs"/> are taken from here where
    /// nothing else says otherwise. Its checkpoint and log folders must be null, its callbacks are not called, and its metric and validation
    /// share give way to the experiment's. Default: the trainer's defaults.
    /// </summary>
    public CnnTrainerOptions BaseOptions { get; init; } = new();

    /// <summary>
    /// What makes pixels of a shape that a trial asks for, out of the rows as <c>preFeaturizer</c> leaves them: for example
    /// <c>shape => ml.Transforms.LoadPixels("Pixels", shape.Height, shape.Width)</c>. Its output is <see cref="CnnTrainerOptions.FeatureColumnName"/> of the base
    /// options, whose <see cref="CnnTrainerOptions.ImageShape"/> must be given. Default null: ML.NET's resizing of the feature column.
    /// </summary>
    public Func<ImageShape, IEstimator<ITransformer>>? ImageLoading { get; init; }

    /// <summary>The options that are tried with every architecture. Default <see cref="CnnSearchSpace.None"/>: those of <see cref="BaseOptions"/> alone.</summary>
    public CnnSearchSpace SearchSpace { get; init; } = CnnSearchSpace.None;

    /// <summary>What says which run is the best. Default <see cref="CnnExperimentMetric.MicroAccuracy"/>.</summary>
    public CnnExperimentMetric OptimizingMetric { get; init; } = CnnExperimentMetric.MicroAccuracy;

    /// <summary>
    /// The most epochs that a trial is trained for, at least 1; fewer where the time does not suffice. Default null:
    /// <see cref="CnnTrainerOptions.Epochs"/> of the base options.
    /// </summary>
    public int? MaxEpochs { get; init; }

    /// <summary>
    /// One trial in so many goes on from one rung to the next, and is then trained so many times as long; at least 2. Default 3.
    /// </summary>
    public int Reduction { get; init; } = 3;

    /// <summary>Whether ML.NET's linear classifier on the pixels (LbfgsMaximumEntropy) is a row too. Default true.</summary>
    public bool IncludeBaseline { get; init; } = true;

    /// <summary>
    /// The seed of everything random. Default null: that of the base options, else drawn from the MLContext, where that has a seed, else at random.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// The folder that the trials are kept in, made where it does not exist. An experiment that was interrupted goes on with the same folder,
    /// settings and data. Default null: a temporary folder, which goes with the result.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>
    /// How the trials are shared by several processes: <see cref="CnnDistributed.Mpi"/>, whose own options are for fits and have no meaning here. Every process
    /// calls the same <c>Execute</c> on the same data, and whichever is free trains the next trial, by itself. The first one (<see cref="CnnDistributed.Rank"/> 0)
    /// decides, and alone tells the progress handler; all get the same result, its models in <see cref="Folder"/>, which all must see: the first one's counts.
    /// Exceptions of trials that others trained have their message only. A process that dies, where its launcher lets the others live, costs the trial that it had.
    /// Default null: this process trains all.
    /// </summary>
    public CnnDistributed? Distributed { get; init; }

    /// <summary>Architectures by their registry names.</summary>
    /// <param name="names">Names such as <c>resnet18</c>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such architecture; the message names all that are missing, with similar ones.</exception>
    public static IReadOnlyList<CnnArchitecture> Named(params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var (found, faults) = (new List<CnnArchitecture>(), new List<string>());
        foreach (var name in names)
        {
            try
            {
                found.Add(CnnArchitecture.Get(name));
            }
            catch (ArgumentException fault)
            {
                faults.Add(fault.Message.Split(" (Parameter")[0]);
            }
        }
        return faults.Count == 0 ? found : throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(names));
    }

    /// <summary>Throws where a setting is out of range.</summary>
    /// <exception cref="ArgumentException">At least one is; the message lists all of them.</exception>
    public void Validate()
    {
        var faults = Faults();
        if (faults.Count > 0)
            throw new ArgumentException($"The settings of the experiment are not valid:{string.Concat(faults.Select(fault => $"\n- {fault}"))}");
    }

    /// <summary>Everything that is wrong, one sentence each.</summary>
    internal IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        void Expect(bool condition, string setting, string expected, object? got)
        {
            if (!condition)
                faults.Add(FormattableString.Invariant($"{setting}: expected {expected}, got {got ?? "null"}."));
        }

        Expect(MaxExperimentTimeInSeconds >= 1, nameof(MaxExperimentTimeInSeconds), "at least 1", MaxExperimentTimeInSeconds);
        Expect(MaxModels >= 1, nameof(MaxModels), "at least 1", MaxModels);
        Expect(Architectures is null or { Count: > 0 }, nameof(Architectures), "at least one, or null", "none");
        Expect(Architectures?.Contains(null!) != true, nameof(Architectures), "architectures", "null among them");
        Expect(OptimizingMetric is not null, nameof(OptimizingMetric), "a metric", OptimizingMetric);
        Expect(MaxEpochs is null or >= 1, nameof(MaxEpochs), "at least 1", MaxEpochs);
        Expect(Reduction >= 2, nameof(Reduction), "at least 2", Reduction);
        Expect(Folder is not "", nameof(Folder), "a folder", "an empty text");
        Expect(SearchSpace is not null, nameof(SearchSpace), "a search space", SearchSpace);
        Expect(BaseOptions is not null, nameof(BaseOptions), "options", BaseOptions);
        if (SearchSpace is not null)
            faults.AddRange(SearchSpace.Faults().Select(fault => $"{nameof(SearchSpace)}: {fault}"));
        if (BaseOptions is not null)
        {
            Expect(BaseOptions.CheckpointFolder is null, nameof(BaseOptions), "no CheckpointFolder (Folder keeps the trials)", BaseOptions.CheckpointFolder);
            Expect(
                BaseOptions.Distributed is null, nameof(BaseOptions), "no Distributed (every trial is trained by one process; the experiment's own Distributed shares out the trials)",
                BaseOptions.Distributed);
            Expect(BaseOptions.LogFolder is null, nameof(BaseOptions), "no LogFolder (every run has its history)", BaseOptions.LogFolder);
            faults.AddRange(BaseOptions.Faults().Select(fault => $"{nameof(BaseOptions)}.{fault}"));
        }
        return faults;
    }
}
