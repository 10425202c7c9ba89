using System.Diagnostics;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Comparison;

/// <summary>Measures what a model costs whoever runs it.</summary>
internal static class CostMeter
{
    private const int Batch = 32, MostRuns = 10;
    private const double MostSeconds = 0.25; // of each of the two measurements

    /// <summary>Measures a network.</summary>
    public static CnnTrialCosts Of(CnnTransformer network, TrialImages images, CnnTrainerOptions options, long modelFileBytes)
    {
        NetworkSummary summary;
        using (var use = network.Network.Use())
            summary = NetworkSummary.Of(use.Network, images.Shape);
        var copies = options.Optimizer == CnnOptimizer.Sgd ? 3 : 4; // weights, gradients, momentum; another moment
        return Of(images, count => Score(network, images, count)) with
        {
            Parameters = summary.Parameters,
            MultiplyAccumulates = summary.MultiplyAccumulates,
            ModelFileBytes = modelFileBytes,
            ActivationBytes = summary.ActivationBytes(1),
            TrainingBytes = copies * summary.ParameterBytes + summary.ActivationBytes(options.BatchSize),
        };
    }

    /// <summary>Measures a linear model.</summary>
    public static CnnTrialCosts OfLinear(ITransformer predictor, TrialImages images, int classes, string scoreColumnName, long modelFileBytes) =>
        Of(images, count => () => Scores.Of(predictor, images, First(images, count), scoreColumnName)) with
        {
            Parameters = (long)(images.Shape.Size + 1) * classes,
            MultiplyAccumulates = (long)images.Shape.Size * classes,
            ModelFileBytes = modelFileBytes,
        };

    private static CnnTrialCosts Of(TrialImages images, Func<int, Action> score)
    {
        var batch = Math.Min(Batch, images.Train.Count);
        return new CnnTrialCosts
        {
            Parameters = 0, MultiplyAccumulates = 0, ModelFileBytes = 0, ActivationBytes = 0, TrainingBytes = 0, BatchSize = batch,
            MillisecondsPerImage = Milliseconds(score(1)),
            MillisecondsPerImageInBatch = Milliseconds(score(batch)) / batch,
        };
    }

    private static Action Score(CnnTransformer network, TrialImages images, int count)
    {
        var (pixels, scores) = (new float[count * images.Shape.Size], new float[count * network.ClassNames.Count]);
        for (var image = 0; image < count; image++)
            images.Train.CopyTo(image, pixels.AsSpan(image * images.Shape.Size, images.Shape.Size));
        return () => network.Scorer.Score(pixels, count, scores);
    }

    private static ImageSet First(TrialImages images, int count) => new(images.Train, [.. Enumerable.Range(0, count)]);

    // The median; the first run, which makes buffers, does not count.
    private static double Milliseconds(Action run)
    {
        var (times, start) = (new List<double>(), Stopwatch.GetTimestamp());
        run();
        do
        {
            var before = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }
        while (times.Count < MostRuns && Stopwatch.GetElapsedTime(start).TotalSeconds < MostSeconds);
        times.Sort();
        return times[times.Count / 2];
    }
}
