using System.Diagnostics;
using CnnTrainers.Bench.DataPath;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Pipelines;
using Microsoft.ML;

namespace CnnTrainers.Bench.Training;

/// <summary>What a measurement of a whole fit is told on its command line.</summary>
internal sealed record FitArguments(TrainingCase Case, string Folder, int Epochs)
{
    public IReadOnlyList<string> Text => [Case.Network, $"{Case.Batch}", Case.Precision, Folder, $"{Epochs}"];

    public static FitArguments Parse(string[] text) => text is [var network, var batch, var precision, var folder, var epochs]
        ? new(new(network, ImagePipeline.Size, int.Parse(batch), precision, 0), folder, int.Parse(epochs))
        : throw new BenchException("Expected: NETWORK BATCH PRECISION FOLDER EPOCHS");
}

/// <summary>End to end: from a folder of JPEG files to a saved model, with the pipeline and trainer that users have.</summary>
internal static class FitWork
{
    public static Measurement Measure(FitArguments arguments)
    {
        CnnPrecision precision = CnnPrecision.Get(arguments.Case.Precision);
        if (!precision.IsFast)
            return Measurement.NotMade($"this machine has no {precision}");
        long start = Stopwatch.GetTimestamp();
        var ml = new MLContext(seed: 1);
        IReadOnlyList<LabelledImage> files = ImageFolder.Read(arguments.Folder);
        CnnTrainerOptions options = 
            StepWork.Recipe with { Device = CnnDevice.Cpu, Precision = precision, FeatureColumnName = ImagePipeline.Pixels, BatchSize = arguments.Case.Batch, Epochs = arguments.Epochs };
        IDataView data = ml.Data.LoadFromEnumerable(files);
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadPixels(ImagePipeline.Pixels, arguments.Case.Size, arguments.Case.Size, arguments.Folder))
            .Append(ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get(arguments.Case.Network), options)).Fit(data);
        Save(ml, model, data);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Measurement([files.Count * arguments.Epochs / seconds], Status.PeakBytes, MachineLine.Build);
    }

    private static void Save(MLContext ml, ITransformer model, IDataView data)
    {
        string path = Path.GetTempFileName();
        try
        {
            ml.Model.Save(model, data.Schema, path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
