using Compat.MLNet.Tests.ModelFiles;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Transforms;

/// <summary>Transforms that the published ML.NET fitted and saved, at work.</summary>
public sealed class ModelFileTests
{
    private readonly MLContext _ml = new();

    private sealed record Iris(float A, float B, string Label);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[] { new Iris(1, 2, "virginica"), new Iris(3, 4, "setosa"), new Iris(5, 6, "rose") });

    [Fact]
    public void AChainOfMostTransformsWorksAfterLoading()
    {
        var view = _ml.Model.Load(TestFiles.Zip("misc.zip"), out _).Transform(Data());
        Assert.Equal(["K: Key<UInt32, 0-2>", "F: Vector<Single, 2>"], view.Schema.Columns());
        Assert.Equal(["3 | [1, 2]", "1 | [3, 4]", "0 | [5, 6]"], view.Rows());
    }

    [Fact]
    public void ScalarsConcatenatedByALoadedTransformerNameTheSlots()
    {
        var schema = _ml.Model.Load(TestFiles.Zip("single.zip"), out _).GetOutputSchema(Data().Schema);
        Assert.Equal(["A", "B"], schema[schema.Count - 1].Annotation("SlotNames"));
    }
}
