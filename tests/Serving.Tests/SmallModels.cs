using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Serving.Tests;

/// <summary>A model file's bytes, and its scores of <see cref="SmallModels.Pictures"/>.</summary>
internal sealed record SmallModel(byte[] File, float[][] Scores)
{
    public bool Says(int picture, float[] score) => Scores[picture].SequenceEqual(score);
}

/// <summary>Two small networks of the same classes, trained once for all tests on image files that live as long.</summary>
internal static class SmallModels
{
    private static readonly TemporaryFolder _folder = new();
    private static readonly Lazy<SmallModel> _first = new(() => Train(1)), _second = new(() => Train(2));

    public static List<LabelledImage> Pictures { get; } = [.. Enumerable.Range(0, 16).Select(Draw)];

    public static SmallModel First => _first.Value;

    public static SmallModel Second => _second.Value;

    /// <summary>A model file that loads, and does not know images.</summary>
    public static byte[] OfOtherColumns()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(new[] { new { Other = "text" } });
        return Bytes(ml, ml.Transforms.Conversion.MapValueToKey("Other").Fit(data), data.Schema);
    }

    private static SmallModel Train(int seed)
    {
        var ml = new MLContext(seed);
        var data = ml.Data.LoadFromEnumerable(Pictures);
        var options = new CnnTrainerOptions { FeatureColumnName = "Pixels", Epochs = 2, BatchSize = 8, Seed = seed };
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", null, "ImagePath"))
            .Append(ml.Transforms.ResizeImages("Image", 28, 28))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Append(ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        byte[] file = Bytes(ml, model, data.Schema);
        using var engine = ml.Model.CreatePredictionEngine<LabelledImage, Prediction>(ml.Model.Load(new MemoryStream(file), out _));
        return new SmallModel(file, [.. Pictures.Select(picture => engine.Predict(picture).Score)]);
    }

    private static byte[] Bytes(MLContext ml, ITransformer model, DataViewSchema schema)
    {
        var stream = new MemoryStream();
        ml.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    private static LabelledImage Draw(int index)
    {
        const int Side = 160;
        bool bright = index % 2 == 0;
        var random = new Random(index);
        byte[] pixels = [.. Enumerable.Range(0, Side * Side * 4).Select(i => i % 4 == 3 ? (byte)255 : (byte)(random.Next(100) + (bright ? 155 : 0)))];
        string path = _folder.File($"{index}.png");
        using var image = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
        return new LabelledImage { ImagePath = path, Label = bright ? "bright" : "dark" };
    }
}
