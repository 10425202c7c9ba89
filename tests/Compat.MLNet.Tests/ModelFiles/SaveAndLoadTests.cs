using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.ModelFiles;

public sealed class SaveAndLoadTests : IDisposable
{
    private readonly MLContext _context = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cnn_model_").FullName;

    private static SampleTransformer Model => new("outer", [1, 2, 3], new("inner", [4]));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static DataViewSchema Schema()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        return builder.ToSchema();
    }

    private byte[] Save(ITransformer model, DataViewSchema schema)
    {
        var stream = new MemoryStream();
        _context.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    [Fact]
    public void ATransformerComesBackInANewContextWithNothingRegistered()
    {
        string path = Path.Combine(_folder, "model.zip");
        _context.Model.Save(Model, Schema(), path);
        var loaded = (SampleTransformer)new MLContext().Model.Load(path, out DataViewSchema schema);
        Assert.Equal("outer", loaded.Name);
        Assert.Equal([1, 2, 3], loaded.Weights);
        Assert.Equal("inner", loaded.Part.Name);
        Assert.Equal("A: Single", Assert.Single(schema).ToString());
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void EntriesAreInTheOrderInWhichTheyWereEnded()
    {
        Assert.Equal(
            [
                "TrainingInfo/Version.txt", "TransformerChain/Weights", "TransformerChain/Notes.txt", "TransformerChain/Part/Weights",
                "TransformerChain/Part/Notes.txt", "TransformerChain/Part/Model.key", "TransformerChain/Model.key", "Schema",
            ],
            TestFiles.Entries(Save(Model, Schema())).Select(e => e.Name));
    }

    [Fact]
    public void SavingTwiceGivesTheSameBytes() => Assert.Equal(Save(Model, Schema()), Save(Model, Schema()));

    [Fact]
    public void TheVersionIsThePlainFirstEntry()
    {
        byte[] version = TestFiles.Entries(Save(Model, Schema()))[0].Bytes;
        Assert.Equal("1.0.0" + Environment.NewLine, System.Text.Encoding.UTF8.GetString(version));
    }

    [Fact]
    public void WithoutSchemaThereIsNoSchemaEntry()
    {
        byte[] archive = Save(Model, null);
        Assert.DoesNotContain("Schema", TestFiles.Entries(archive).Select(e => e.Name));
        _context.Model.Load(new MemoryStream(archive), out DataViewSchema schema);
        Assert.Null(schema);
    }

    [Fact]
    public void AnArchiveWithBackslashesLoads()
    {
        var copy = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(copy, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, byte[] bytes) in TestFiles.Entries(Save(Model, Schema())))
            {
                using Stream stream = zip.CreateEntry(name.Replace('/', '\\')).Open();
                stream.Write(bytes);
            }
        Assert.Equal("inner", ((SampleTransformer)_context.Model.Load(copy, out _)).Part.Name);
    }

    [Fact]
    public void AFailedSaveLeavesTheOldFileAndNothingElse()
    {
        string path = Path.Combine(_folder, "model.zip");
        File.WriteAllText(path, "old");
        var model = new SampleTransformer("x", [1]) { Fault = new IOException("No space left on device") };
        Assert.Equal("No space left on device", Assert.Throws<IOException>(() => _context.Model.Save(model, Schema(), path)).Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void ASchemaWithNothingToSaveIsRefused()
    {
        var empty = new DataViewSchema.Builder().ToSchema();
        Assert.Equal("No valid columns to save", Assert.Throws<InvalidOperationException>(() => Save(Model, empty)).Message);
    }

    [Fact]
    public void ANullModelSavesButDoesNotLoad()
    {
        byte[] archive = Save(null, Schema());
        Assert.StartsWith("Corrupt model file", Assert.Throws<FormatException>(() => _context.Model.Load(new MemoryStream(archive), out _)).Message);
    }

    [Fact]
    public void NoTemporaryFileIsLeft()
    {
        var context = new MLContext { TempFilePath = _folder };
        var stream = new MemoryStream();
        context.Model.Save(new SampleTransformer("big", new float[1 << 19]), Schema(), stream);
        var loaded = (SampleTransformer)context.Model.Load(stream, out _);
        Assert.Equal(1 << 19, loaded.Weights.Length);
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
