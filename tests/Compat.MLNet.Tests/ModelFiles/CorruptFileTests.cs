using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.ModelFiles;

public sealed class CorruptFileTests : IDisposable
{
    private readonly MLContext _context = new();
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    private Exception Load(byte[] bytes)
    {
        File.WriteAllBytes(_path, bytes);
        return Record.Exception(() => _context.Model.Load(_path, out _));
    }

    private static byte[] Edit(string file, Func<string, byte[], byte[]> edit)
    {
        var copy = new MemoryStream();
        using (var zip = new ZipArchive(copy, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, byte[] bytes) in TestFiles.Entries(File.ReadAllBytes(TestFiles.Zip(file))))
                if (edit(name, bytes) is { } edited)
                {
                    using Stream stream = zip.CreateEntry(name).Open();
                    stream.Write(edited);
                }
        return copy.ToArray();
    }

    [Fact]
    public void AFileCutInHalfIsNamed()
    {
        byte[] bytes = File.ReadAllBytes(TestFiles.Zip("single.zip"));
        Exception fault = Load(bytes[..(bytes.Length / 2)]);
        Assert.StartsWith($"'{_path}' is not a model file: it is no zip archive, or it is cut off", Assert.IsType<InvalidDataException>(fault).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no zip at all, only some text that is longer than the smallest archive")]
    public void AFileThatIsNoArchiveIsNamed(string text) =>
        Assert.Contains(_path, Assert.IsType<InvalidDataException>(Load(System.Text.Encoding.UTF8.GetBytes(text))).Message);

    [Fact]
    public void AMissingFileIsNamed() =>
        Assert.Contains("nowhere.zip", Assert.Throws<FileNotFoundException>(() => _context.Model.Load("nowhere.zip", out _)).Message);

    [Fact]
    public void AnArchiveOfOtherThingsIsNoModel()
    {
        Exception fault = Load(Edit("single.zip", (name, bytes) => name.StartsWith("TrainingInfo", StringComparison.Ordinal) ? bytes : null));
        Assert.StartsWith("Could not load legacy format model", Assert.IsType<FormatException>(fault).Message);
    }

    [Fact]
    public void AnArchiveWithoutModelIsCorrupt()
    {
        Exception fault = Load(Edit("single.zip", (name, bytes) => name.EndsWith("Model.key", StringComparison.Ordinal) ? null : bytes));
        Assert.StartsWith("Corrupt model file", Assert.IsType<FormatException>(fault).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(256)]
    [InlineData(400)]
    public void ACutEntryIsNamed(int length)
    {
        Exception fault = Load(Edit("single.zip", (name, bytes) => name.EndsWith("Model.key", StringComparison.Ordinal) ? bytes[..length] : bytes));
        Assert.StartsWith("Corrupt model file, entry 'TransformerChain/Model.key'", Assert.IsType<FormatException>(fault).Message);
    }

    [Fact]
    public void AnyCutOfTheSchemaIsAnError()
    {
        byte[] schema = TestFiles.Entries(File.ReadAllBytes(TestFiles.Zip("single.zip"))).Single(e => e.Name == "Schema").Bytes;
        for (int length = 0; length < schema.Length; length++)
            Assert.Throws<FormatException>(() => new Microsoft.ML.Data.IO.BinaryLoader(_context, new MemoryStream(schema[..length])));
    }

    [Fact]
    public void DamagedBytesOfTheSchemaEndInAnErrorOrAnotherSchemaButNeverHang()
    {
        byte[] schema = TestFiles.Entries(File.ReadAllBytes(TestFiles.Zip("misc.zip"))).Single(e => e.Name == "Schema").Bytes;
        var random = new Random(1);
        for (int round = 0; round < 500; round++)
        {
            byte[] damaged = (byte[])schema.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            Exception fault = Record.Exception(() => new Microsoft.ML.Data.IO.BinaryLoader(_context, new MemoryStream(damaged)));
            Assert.True(fault is null or FormatException, fault?.ToString());
        }
    }

    [Fact]
    public void AnAlternativeLoaderIsTakenWhereTheFirstIsUnknown() =>
        Assert.Null(Load(Edit("single.zip", (name, bytes) =>
        {
            if (name.EndsWith("Model.key", StringComparison.Ordinal))
                bytes[0x50] = (byte)'?';
            return bytes;
        })));

    [Fact]
    public void AnUnknownLoaderIsNamed()
    {
        byte[] signature = System.Text.Encoding.Latin1.GetBytes("UnknownLoader\0\0\0");
        Exception fault = Load(Edit("single.zip", (name, bytes) =>
        {
            if (!name.EndsWith("Model.key", StringComparison.Ordinal))
                return bytes;
            signature.CopyTo(bytes, 0x50);
            signature.CopyTo(bytes, 0x68);
            return bytes;
        }));
        Assert.Contains("Unknown loader 'UnknownLoader", Assert.IsType<FormatException>(fault).Message);
    }
}
