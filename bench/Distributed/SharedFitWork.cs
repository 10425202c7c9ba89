using CnnTrainers.Bench.Accuracy;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Bench.Distributed;

/// <summary>A fit on images of Fashion-MNIST by one process, or by several that mpirun started, measured on images held out.</summary>
internal static class SharedFitWork
{
    /// <summary>The name of a figure.</summary>
    public const string Accuracy = "accuracy";

    public const int Images = 4000, Held = 4000, Size = 64, Epochs = 3;

    public const string Network = "resnet18";

    /// <summary>Images per second of the epochs, and what was learned.</summary>
    /// <param name="threads">Of a process.</param>
    /// <param name="batch">Images of a batch, of all processes together.</param>
    public static Measurement Measure(int threads, int batch)
    {
        if (CnnDistributed.Rank > 0)
            Console.SetOut(TextWriter.Null); // one line is enough
        var ml = new MLContext(seed: 1);
        IdxDataset fashion = RealData.FashionMnist.Open("train");
        IDataView training = Rows(0, Images), held = Rows(Images, Held);
        ITransformer pixels = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadPixels("Pixels", Size, Size, inputColumnName: "Image")).Fit(training);
        var rates = new List<double>();
        var options = new CnnTrainerOptions
        {
            FeatureColumnName = "Pixels", BatchSize = batch, Epochs = Epochs, Seed = 1, Threads = threads, OnEpoch = epoch => rates.Add(epoch.ImagesPerSecond),
            Distributed = CnnDistributed.IsLaunched ? CnnDistributed.Mpi : null,
        };
        using CnnTransformer network = ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get(Network), options).Fit(pixels.Transform(training));
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(network.Transform(pixels.Transform(held)));
        return new([.. rates], Status.PeakBytes, MachineLine.Build, Figures: new() { [Accuracy] = metrics.MicroAccuracy });

        IDataView Rows(int first, int count) => ml.Data.LoadFromEnumerable(fashion.Rows(Enumerable.Range(first, count)));
    }
}
