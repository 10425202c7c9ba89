using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Transforms;

/// <summary>A row of the data that the tests of transforms use.</summary>
public sealed class Flower
{
    public string Name { get; set; }

    public float Length { get; set; }

    public int Petals { get; set; }

    [VectorType(2)]
    public string[] Colors { get; set; } = ["", ""];

    [VectorType(3)]
    public float[] Sizes { get; set; } = [0, 0, 0];

    public float[] Leaves { get; set; } = [];

    [KeyType(3)]
    public uint Kind { get; set; }

    public static List<Flower> Some() =>
    [
        new() { Name = "rose", Length = 2.5f, Petals = 5, Colors = ["red", "white"], Sizes = [1, 2, 3], Leaves = [1], Kind = 0 },
        new() { Name = "daisy", Length = float.NaN, Petals = 30, Colors = ["white", ""], Sizes = [0, 0, 4], Leaves = [], Kind = 2 },
        new() { Name = null, Length = 1, Petals = 5, Colors = ["red", "blue"], Sizes = [0, 0, 0], Leaves = [7, 8], Kind = 7 },
        new() { Name = "rose", Length = 2.5f, Petals = 6, Colors = ["", "Red"], Sizes = [2, 2, 2], Leaves = [3], Kind = 1 },
        new() { Name = "aster", Length = -1, Petals = 34, Colors = ["blue", "blue"], Sizes = [5, 0, 0], Leaves = [4], Kind = 1 },
    ];

    public static IDataView View(MLContext ml) => ml.Data.LoadFromEnumerable(Some());

    /// <summary>One column "Name" of numbers: wrong for whoever wants text, and nothing else is there.</summary>
    public static IDataView Numbers(MLContext ml) => ml.Data.LoadFromEnumerable(new[] { new { Name = 1f }, new { Name = 2f } });
}
