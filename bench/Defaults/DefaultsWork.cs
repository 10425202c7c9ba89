using CnnTrainers.Bench.Accuracy;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Bench.Defaults;

/// <summary>One fit of a sweep: everything but rate, epochs and seed at its default, then scored once on images held out.</summary>
internal static class DefaultsWork
{
    public const string Accuracy = "accuracy", LogLoss = "logLoss";

    public static Measurement Measure(DefaultsArguments arguments)
    {
        (DefaultsCase one, DefaultsEffort effort) = (arguments.Case, arguments.Effort);
        var ml = new MLContext(seed: 1);
        IdxDataset fashion = RealData.FashionMnist.Open("train");
        IDataView training = Rows(0, effort.Images), held = Rows(effort.Images, effort.Held);
        // As `cnn train` has it: gray images come in three channels.
        ITransformer pixels = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadPixels("Pixels", one.Size, one.Size, inputColumnName: "Image")).Fit(training);
        var options = new CnnTrainerOptions { FeatureColumnName = "Pixels", LearningRate = arguments.Rate, Epochs = effort.Epochs, Seed = arguments.Seed };
        try
        {
            using CnnTransformer network = ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get(one.Network), options).Fit(pixels.Transform(training));
            MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(network.Transform(pixels.Transform(held)));
            return new Measurement([network.Summary.ImagesPerSecond], Status.PeakBytes, MachineLine.Build,
                Figures: new() { [Accuracy] = metrics.MicroAccuracy, [LogLoss] = metrics.LogLoss });
        }
        catch (CnnTrainingException fault)
        {
            fault.Model?.Dispose();
            return Measurement.NotMade("diverged");
        }

        IDataView Rows(int first, int count) => ml.Data.LoadFromEnumerable(fashion.Rows(Enumerable.Range(first, count)));
    }
}
