using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Transforms;

/// <summary>Files that the published ML.NET wrote: read, and written again byte for byte.</summary>
public sealed class ModelFileTests
{
    private readonly MLContext _ml = new();

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "Zips", name);

    private sealed record Iris(float A, float B, string Label);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[] { new Iris(1, 2, "virginica"), new Iris(3, 4, "setosa"), new Iris(5, 6, "rose") });

    [Theory]
    [InlineData("misc.zip")]
    [InlineData("misc-noschema.zip")]
    [InlineData("single.zip")]
    public void WhatIsLoadedIsSavedByteForByte(string name)
    {
        var model = _ml.Model.Load(PathOf(name), out var schema);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        var expected = Entries(File.OpenRead(PathOf(name)));
        var actual = Entries(stream);
        Assert.Equal(expected.Select(entry => entry.Name), actual.Select(entry => entry.Name));
        Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.Content.SequenceEqual(pair.Second.Content), pair.First.Name));
    }

    [Fact]
    public void AChainOfMostTransformsWorksAfterLoading()
    {
        var model = _ml.Model.Load(PathOf("misc.zip"), out var schema);
        Assert.Equal(["A: Single", "B: Single", "Label: String"], schema.Columns());
        Assert.IsType<TransformerChain<ITransformer>>(model);
        var view = model.Transform(Data());
        Assert.NotEmpty(view.Schema.Columns());
        Assert.Equal(3, view.Rows().Count);
    }

    [Fact]
    public void ASingleTransformerIsNotWrapped()
    {
        var model = Assert.IsType<ColumnConcatenatingTransformer>(_ml.Model.Load(PathOf("single.zip"), out _));
        var output = model.Transform(Data());
        Assert.Equal(["A", "B"], output.Schema[output.Schema.Count - 1].Annotation("SlotNames"));
    }

    [Fact]
    public void WithoutASchemaThereIsNoneAfterLoading()
    {
        Assert.NotNull(_ml.Model.Load(PathOf("misc-noschema.zip"), out var schema));
        Assert.Null(schema);
    }

    private static List<(string Name, byte[] Content)> Entries(Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        return archive.Entries.Select(entry =>
        {
            using var content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            return (entry.FullName, bytes.ToArray());
        }).ToList();
    }
}
