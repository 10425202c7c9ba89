using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch.nn;

namespace CnnTrainers.Tests.Inspection;

/// <summary>Images of coloured noise with a square whose colour tells the class, and a model that learned them.</summary>
internal static class Squares
{
    public const int Size = 32, Side = 8;

    // How far around the square a unit of the explained stage still sees it, roughly: its maps have one value for 4×4 pixels.
    private const int Border = 4;

    private static readonly CustomArchitecture Network = new("small", (shape, classes) => Sequential(
        Conv2d(shape.Channels, 16, 3, 2, 1), BatchNorm2d(16), ReLU(), // 16×16×16
        Conv2d(16, 32, 3, 2, 1), BatchNorm2d(32), ReLU(),             // 32×8×8
        Conv2d(32, 32, 3, 1, 1), BatchNorm2d(32), ReLU(),
        AdaptiveAvgPool2d(1), Flatten(), Linear(32, classes)));

    private static readonly Lazy<(MLContext Ml, ITransformer Model)> Shared = new(() =>
    {
        var ml = new MLContext(seed: 1);
        var options = new CnnTrainerOptions { FeatureColumnName = "Pixels", Epochs = 6, BatchSize = 16, Seed = 1 };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ml.MulticlassClassification.Trainers.Cnn(Network, options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        return (ml, pipeline.Fit(ml.Data.LoadFromEnumerable(Make(192, 1))));
    });

    /// <summary>One model for all tests. Never dispose it.</summary>
    public static (MLContext Ml, ITransformer Model) Trained => Shared.Value;

    internal sealed class Row
    {
        public string Label { get; set; } = "";

        [VectorType(3, Size, Size)]
        public byte[] Pixels { get; set; } = [];

        [NoColumn]
        public (int Y, int X) Corner { get; set; }

        /// <summary>The share of a map's mass that lies in the square or near it.</summary>
        public double ShareInside(float[] map) => map.Where((_, at) => IsNear(at / Size, Corner.Y) && IsNear(at % Size, Corner.X)).Sum() / map.Sum();

        private static bool IsNear(int place, int corner) => place >= corner - Border && place < corner + Side + Border;
    }

    /// <summary>Red and blue squares in turn.</summary>
    public static List<Row> Make(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index => MakeRow(red: index % 2 == 0, random))];
    }

    private static Row MakeRow(bool red, Random random)
    {
        var corner = (Y: random.Next(Border, Size - Side - Border), X: random.Next(Border, Size - Side - Border));
        var pixels = new byte[3 * Size * Size];
        random.NextBytes(pixels);
        for (var y = corner.Y; y < corner.Y + Side; y++)
            for (var x = corner.X; x < corner.X + Side; x++)
                for (var channel = 0; channel < 3; channel++)
                    pixels[(channel * Size + y) * Size + x] = (byte)(channel == (red ? 0 : 2) ? 230 : 20);
        return new Row { Label = red ? "red" : "blue", Pixels = pixels, Corner = corner };
    }
}
