using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Serving.Tests;

public sealed class Picture
{
    public string Label { get; set; } = "";

    [VectorType(1, 28, 28)]
    public float[] Pixels { get; set; } = [];
}

public sealed class Answer
{
    public float[] Score { get; set; } = [];
}

/// <summary>Two small networks of the same classes, trained once for all tests, as files; and what each says of some pictures.</summary>
internal static class SmallModels
{
    private static readonly Lazy<(byte[] File, float[][] Scores)> _first = new(() => Train(1)), _second = new(() => Train(2));

    public static List<Picture> Pictures { get; } = [.. Enumerable.Range(0, 16).Select(Make)];

    public static (byte[] File, float[][] Scores) First => _first.Value;

    public static (byte[] File, float[][] Scores) Second => _second.Value;

    private static Picture Make(int index)
    {
        var random = new Random(index);
        bool left = index % 2 == 0;
        var pixels = Enumerable.Range(0, 28 * 28).Select(at => (float)random.Next(at % 28 < 14 == left ? 255 : 80)).ToArray();
        return new Picture { Label = left ? "left" : "right", Pixels = pixels };
    }

    private static (byte[] File, float[][] Scores) Train(int seed)
    {
        var ml = new MLContext(seed);
        var data = ml.Data.LoadFromEnumerable(Pictures);
        var options = new CnnTrainerOptions { FeatureColumnName = "Pixels", Epochs = 1, BatchSize = 8, Seed = seed };
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, options)).Fit(data);
        var stream = new MemoryStream();
        ml.Model.Save(model, data.Schema, stream);
        return (stream.ToArray(), Scores(stream.ToArray()));
    }

    private static float[][] Scores(byte[] file)
    {
        var ml = new MLContext();
        using var engine = ml.Model.CreatePredictionEngine<Picture, Answer>(ml.Model.Load(new MemoryStream(file), out _));
        return [.. Pictures.Select(picture => engine.Predict(picture).Score)];
    }
}
