using System.IO.Compression;
using System.Text;
using Compat.MLNet.Tests.Transforms;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Behaviour;

/// <summary>ML.NET's facts about model files, as far as ModelFiles does not have them.</summary>
public sealed class SaveAndLoadTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void ALoadedChainIsOfTransformersAndItsSchemaKeepsAnnotationsAndHiddenColumns()
    {
        var keys = _ml.Transforms.Conversion.MapValueToKey("Name").Fit(Flower.View(_ml)).Transform(Flower.View(_ml));
        var chain = _ml.Transforms.CopyColumns("Copy", "Name").Append(_ml.Transforms.Concatenate("Both", "Length", "Sizes")).Fit(keys);
        var loaded = _ml.Model.Load(new MemoryStream(Save(chain, keys.Schema)), out var schema);
        Assert.IsType<TransformerChain<ITransformer>>(loaded);
        Assert.Contains(keys.Schema, column => column.IsHidden);
        Assert.Equal(keys.Schema.Whole(), schema.Whole());
    }

    [Fact]
    public void TheHeaderHasTheFullNameOfTheLoadersAssembly()
    {
        var saved = Save(_ml.Transforms.CopyColumns("Copy", "Name").Fit(Flower.View(_ml)), Flower.View(_ml).Schema);
        using var archive = new ZipArchive(new MemoryStream(saved));
        var key = archive.Entries.Single(entry => entry.FullName.EndsWith("Model.key", StringComparison.Ordinal) && !entry.FullName.Contains("Schema"));
        using var header = new MemoryStream();
        using (var stream = key.Open()) stream.CopyTo(header);
        Assert.Contains("Microsoft.ML.Data, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51", Encoding.Latin1.GetString(header.ToArray()).Replace("\0", ""));
    }

    [Fact]
    public void WithoutSchemaTheLoadedSchemaIsNull()
    {
        var saved = Save(_ml.Transforms.CopyColumns("Copy", "Name").Fit(Flower.View(_ml)), null);
        Assert.IsType<ColumnCopyingTransformer>(_ml.Model.Load(new MemoryStream(saved), out var schema), exactMatch: false);
        Assert.Null(schema);
    }

    private byte[] Save(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        return stream.ToArray();
    }
}
