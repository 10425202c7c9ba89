using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.ModelFiles;

/// <summary>Files that the published ML.NET wrote: they load with nothing registered, and are saved again byte for byte.</summary>
public sealed class PublishedFileTests
{
    private readonly MLContext _context = new();

    [Theory]
    [InlineData("single.zip")]
    [InlineData("misc.zip")]
    [InlineData("misc-noschema.zip")]
    [InlineData("images.zip")]
    public void AFileIsSavedAgainEntryByEntry(string file)
    {
        byte[] original = File.ReadAllBytes(TestFiles.Zip(file));
        ITransformer model = _context.Model.Load(TestFiles.Zip(file), out DataViewSchema schema);
        var saved = new MemoryStream();
        _context.Model.Save(model, schema, saved);
        // The first entry names the writer's version.
        var expected = TestFiles.Entries(original).Skip(1).ToList();
        var actual = TestFiles.Entries(saved.ToArray()).Skip(1).ToList();
        Assert.Equal(expected.Select(e => e.Name), actual.Select(e => e.Name));
        foreach (var (wanted, got) in expected.Zip(actual))
            Assert.True(wanted.Bytes.AsSpan().SequenceEqual(got.Bytes), $"{wanted.Name} differs");
    }

    [Fact]
    public void ASingleTransformerIsNotWrapped()
    {
        Assert.IsType<ColumnConcatenatingTransformer>(_context.Model.Load(TestFiles.Zip("single.zip"), out _));
        Assert.IsType<TransformerChain<ITransformer>>(_context.Model.Load(TestFiles.Zip("misc.zip"), out DataViewSchema schema));
        Assert.NotNull(schema);
        _context.Model.Load(TestFiles.Zip("misc-noschema.zip"), out DataViewSchema none);
        Assert.Null(none);
    }

    [Fact]
    public void AnImagePipelineGivesThePublishedValues()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(TestFiles.Zip("images.expected.json")));
        ITransformer model = _context.Model.Load(TestFiles.Zip("images.zip"), out _);
        IDataView rows = model.Transform(_context.Data.LoadFromEnumerable(new[]
        {
            new Input { ImagePath = TestFiles.Zip("img/i0.png"), Label = "red" },
            new Input { ImagePath = TestFiles.Zip("img/i1.png"), Label = "green" },
            new Input { ImagePath = TestFiles.Zip("img/i2.png"), Label = "red" },
        }));
        List<Output> outputs = _context.Data.CreateEnumerable<Output>(rows, reuseRowObject: false).ToList();
        Assert.Equal(Values<uint>(expected, "label"), outputs.Select(o => o.Label));
        Assert.Equal(Values<float[]>(expected, "pixels"), outputs.Select(o => o.Pixels));
        Assert.Equal(Values<int[]>(expected, "bytes"), outputs.Select(o => o.Bytes.Select(b => (int)b).ToArray()));
        Assert.Equal(Values<string>(expected, "schema"), rows.Schema.Select(c => $"{c.Name}: {c.Type}{(c.IsHidden ? " (hidden)" : "")}"));
    }

    private static T[] Values<T>(JsonDocument document, string name) => document.RootElement.GetProperty(name).Deserialize<T[]>();

    private sealed class Input
    {
        public string ImagePath { get; set; }

        public string Label { get; set; }
    }

    private sealed class Output
    {
        public uint Label { get; set; }

        public float[] Pixels { get; set; }

        public byte[] Bytes { get; set; }
    }
}
