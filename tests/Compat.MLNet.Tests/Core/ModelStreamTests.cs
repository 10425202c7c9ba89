using System.Text;
using Microsoft.ML;

namespace Compat.MLNet.Tests.Core;

public sealed class ModelStreamTests
{
    private static readonly VersionInfo _version = new("XF CHAIN", 0x00010003, 0x00010002, 0x00010001, "A, Version=1", "SomeLoader", "OldLoader");

    private static byte[] Write(Action<ModelSaveContext> body)
    {
        var stream = new MemoryStream();
        ModelSaveContext.Save(new BinaryWriter(stream), ctx =>
        {
            ctx.CheckAtModel();
            ctx.SetVersionInfo(_version);
            body(ctx);
        });
        return stream.ToArray();
    }

    private static ModelLoadContext Read(byte[] bytes) => new(new BinaryReader(new MemoryStream(bytes)));

    [Fact]
    public void TheHeaderIsLaidOutByteByByte()
    {
        byte[] bytes = Write(ctx => { ctx.SaveString("ab"); ctx.Writer.Write((byte)9); });
        var expected = new MemoryStream();
        var writer = new BinaryWriter(expected);
        writer.Write(Encoding.Latin1.GetBytes("ML\0MODEL"));
        writer.Write(0x00010002);
        writer.Write(0x00010002);
        foreach (long value in new long[] { 0x100, 5, 0x105, 8, 0x10D, 4 })
            writer.Write(value);
        writer.Write(Encoding.Latin1.GetBytes("XF\0CHAIN"));
        writer.Write(0x00010003);
        writer.Write(0x00010002);
        writer.Write(Encoding.Latin1.GetBytes("SomeLoader".PadRight(24, '\0')));
        writer.Write(Encoding.Latin1.GetBytes("OldLoader".PadRight(24, '\0')));
        foreach (long value in new long[] { 0x129, 0x131, 0x111 })
            writer.Write(value);
        writer.Write(24);
        writer.Write(new byte[0x100 - 0x9C]);
        writer.Write(new byte[] { 0, 0, 0, 0, 9 });
        writer.Write(4L);
        writer.Write(Encoding.Unicode.GetBytes("ab" + "A, Version=1"));
        writer.Write(Encoding.Latin1.GetBytes("LEDOM\0LM"));
        Assert.Equal(expected.ToArray(), bytes);
    }

    [Fact]
    public void StringsAreStoredOnceAndComeBack()
    {
        byte[] bytes = Write(ctx =>
        {
            ctx.SaveString("one");
            ctx.SaveStringOrNull(null);
            ctx.SaveString("");
            ctx.SaveNonEmptyString("one");
            ctx.SaveString("One");
        });
        using ModelLoadContext ctx = Read(bytes);
        ctx.CheckAtModel(_version);
        Assert.Equal(["one", "", "One"], ctx.Strings);
        Assert.Equal(["one", null, "", "one", "One"], Enumerable.Range(0, 5).Select(_ => ctx.LoadStringOrNull()));
        Assert.Equal("A, Version=1", ctx.LoaderAssemblyName);
        Assert.Equal("SomeLoader", ModelHeader.GetLoaderSig(ref ctx.Header));
        ctx.Done();
    }

    [Fact]
    public void AnUnreadRestOfThePayloadIsAnError()
    {
        using ModelLoadContext ctx = Read(Write(c => c.Writer.Write(1)));
        ctx.Reader.ReadByte();
        var fault = Assert.Throws<FormatException>(ctx.Done);
        Assert.Contains("has 4 bytes, of which 1 were read", fault.Message);
    }

    [Theory]
    [InlineData("OTHER   ", 0x00010003u, 0x00010001u, "Unknown file type")]
    [InlineData("XF CHAIN", 0x00010001u, 0x00010001u, "too new")]
    [InlineData("XF CHAIN", 0x00010004u, 0x00010004u, "too old")]
    public void AReaderOfAnotherVersionRefuses(string signature, uint written, uint readBack, string message)
    {
        using ModelLoadContext ctx = Read(Write(_ => { }));
        var reader = new VersionInfo(signature, written, Math.Max(written, readBack), readBack, null);
        Assert.Contains(message, Assert.Throws<FormatException>(() => ctx.CheckAtModel(reader)).Message);
    }

    [Fact]
    public void AnyCutOfAStreamIsAnError()
    {
        byte[] bytes = Write(ctx => ctx.SaveString("some text"));
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<FormatException>(() => Read(bytes[..length]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x10)]
    [InlineData(0x1F)]
    [InlineData(0x20)]
    [InlineData(0x28)]
    [InlineData(0x37)]
    [InlineData(0x80)]
    [InlineData(0x88)]
    [InlineData(0x90)]
    [InlineData(0x98)]
    public void ADamagedHeaderIsAnError(int offset)
    {
        byte[] bytes = Write(ctx => ctx.SaveString("some text"));
        bytes[offset] ^= 0x55;
        Assert.Throws<FormatException>(() => Read(bytes));
    }

    [Fact]
    public void SignaturesHaveTheirLengths()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VersionInfo("SEVEN77", 1, 1, 1, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VersionInfo("XF CHAIN", 1, 1, 1, null, new string('x', 25)));
    }
}
