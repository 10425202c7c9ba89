using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Tests.Estimators;

/// <summary>Small images that a network learns in a second: noise with a bright half, whose side and channel tell the class.</summary>
internal static class Toy
{
    public const int Size = 16;
    public static readonly string[] Classes = ["bottom", "right", "top"];
    private static readonly Lazy<(MLContext Ml, ITransformer Model)> Shared = new(() =>
    {
        var ml = new MLContext(seed: 1);
        return (ml, Pipeline(ml).Fit(Rows(ml, 240)));
    });

    /// <summary>A row in every form that a feature column can have; all hold the same image.</summary>
    internal sealed class Row
    {
        public string Label { get; set; } = "";

        [VectorType(3, Size, Size)]
        public float[] Pixels { get; set; } = [];

        [VectorType(3, Size, Size)]
        public byte[] Bytes { get; set; } = [];

        [VectorType(Size, Size, 3)]
        public float[] Interleaved { get; set; } = [];

        [VectorType(3 * Size * Size)]
        public float[] Flat { get; set; } = [];

        [ImageType(Size, Size)]
        public MLImage? Image { get; set; }

        public string ImagePath { get; set; } = "";

        public uint Digit { get; set; }

        public float Number { get; set; }
    }

    internal sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    /// <summary>One model for all tests that only use it. Never dispose it.</summary>
    public static (MLContext Ml, ITransformer Model) Trained => Shared.Value;

    public static CnnTrainerOptions Options => new()
    {
        FeatureColumnName = "Pixels", Epochs = 4, BatchSize = 16, LearningRate = 0.02, Seed = 7,
    };

    public static CnnTransformer CnnOf(ITransformer model) => ((IEnumerable<ITransformer>)model).OfType<CnnTransformer>().Single();

    public static IEstimator<ITransformer> Pipeline(MLContext ml, CnnTrainerOptions? options = null, CnnArchitecture? architecture = null) =>
        ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ml.MulticlassClassification.Trainers.Cnn(architecture ?? LeNetVariant.LeNet5, options ?? Options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    public static IDataView Rows(MLContext ml, int count, int seed = 1) => ml.Data.LoadFromEnumerable(Make(count, seed));

    public static List<Row> Make(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index => MakeRow(index % 3, index, random))];
    }

    public static float[] Scores(ITransformer model, IDataView data, string column = "Score") =>
        [.. model.Transform(data).GetColumn<float[]>(column).SelectMany(score => score)];

    /// <summary>The label's keys and the feature column of a fit, without the network.</summary>
    public static IDataView WithKeys(MLContext ml, IDataView data) => ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);

    private static Row MakeRow(int label, int index, Random random)
    {
        var planar = new byte[3 * Size * Size];
        var pixels = new byte[4 * Size * Size];
        for (var channel = 0; channel < 3; channel++)
            for (var y = 0; y < Size; y++)
                for (var x = 0; x < Size; x++)
                {
                    var bright = label switch { 0 => y >= Size / 2, 1 => x >= Size / 2, _ => y < Size / 2 };
                    var value = (byte)(random.Next(100) + (bright ? 100 : 0));
                    planar[(channel * Size + y) * Size + x] = value;
                    pixels[4 * (y * Size + x) + channel] = value;
                }
        return new Row
        {
            Label = Classes[label],
            Pixels = [.. planar.Select(value => (float)value)],
            Bytes = planar,
            Interleaved = [.. pixels.Where((_, at) => at % 4 < 3).Select(value => (float)value)],
            Flat = [.. planar.Select(value => (float)value)],
            Image = MLImage.CreateFromPixels(Size, Size, MLPixelFormat.Rgba32, pixels),
            ImagePath = $"toy/{index}.png",
            Digit = (uint)(10 + label),
            Number = label + 0.5f,
        };
    }
}
