using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Transforms;

/// <summary>The transforms together, as a pipeline of table data uses them.</summary>
public sealed class OrdinaryPipelineTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class House
    {
        public string Town { get; set; }

        public bool Garden { get; set; }

        public float Area { get; set; }

        public int Rooms { get; set; }
    }

    private sealed class Encoded
    {
        public float[] Features { get; set; }
    }

    private static readonly House[] Houses =
    [
        new() { Town = "Ulm", Garden = true, Area = 50, Rooms = 2 },
        new() { Town = "Bonn", Garden = false, Area = 100, Rooms = 4 },
        new() { Town = "Ulm", Garden = false, Area = 200, Rooms = 8 },
    ];

    private ITransformer Fit() => _ml.Transforms.Categorical.OneHotEncoding("Town")
        .Append(_ml.Transforms.Conversion.ConvertType([new("Garden"), new("Rooms")]))
        .Append(_ml.Transforms.NormalizeMinMax([new("Area"), new("Rooms")]))
        .Append(_ml.Transforms.Conversion.MapValue("Size", new Dictionary<float, float> { [1] = 3 }, "Rooms"))
        .Append(_ml.Transforms.Concatenate("Features", "Area", "Town", "Garden", "Rooms", "Size"))
        .Fit(_ml.Data.LoadFromEnumerable(Houses));

    [Fact]
    public void AnEngineOfTheLoadedChainGivesTheSame()
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(Fit(), _ml.Data.LoadFromEnumerable(Houses).Schema, stream);
        var loaded = _ml.Model.Load(stream, out _);
        foreach (var model in new[] { Fit(), loaded })
        {
            using var engine = _ml.Model.CreatePredictionEngine<House, Encoded>(model);
            Assert.Equal([0.25f, 1, 0, 1, 0.25f, 0], engine.Predict(Houses[0]).Features);
            Assert.Equal([1f, 1, 0, 0, 1, 3], engine.Predict(Houses[2]).Features);
            Assert.Equal([2f, 0, 0, 0, 0, 0], engine.Predict(new House { Town = "Rom", Area = 400 }).Features);
        }
    }

    [Fact]
    public void ConcatenateKeepsCategoricalRangesWhereTheyNowStand()
    {
        var schema = Fit().GetOutputSchema(_ml.Data.LoadFromEnumerable(Houses).Schema);
        Assert.Equal(["Area", "Town.Ulm", "Town.Bonn", "Garden", "Rooms", "Size"], schema["Features"].Annotation("SlotNames"));
        Assert.Equal("Vector<Int32, 1, 2>", schema["Features"].Annotations.Schema["CategoricalSlotRanges"].Type.ToString());
        Assert.Equal(["1", "2"], schema["Features"].Annotation("CategoricalSlotRanges"));
        Assert.False(schema["Features"].IsNormalized());
    }

    [Fact]
    public void ConcatenatedIsNormalizedWhereAllPartsAre()
    {
        var pipeline = _ml.Transforms.Categorical.OneHotEncoding([new("Town"), new("Rooms")])
            .Append(_ml.Transforms.NormalizeMeanVariance("Area"))
            .Append(_ml.Transforms.Concatenate("Features", "Town", "Area", "Rooms"));
        var data = _ml.Data.LoadFromEnumerable(Houses);
        var column = pipeline.Fit(data).GetOutputSchema(data.Schema)["Features"];
        Assert.Equal(["IsNormalized", "SlotNames", "CategoricalSlotRanges"], column.Annotations.Schema.Select(annotation => annotation.Name));
        Assert.Equal(["0", "1", "3", "5"], column.Annotation("CategoricalSlotRanges"));
    }
}
