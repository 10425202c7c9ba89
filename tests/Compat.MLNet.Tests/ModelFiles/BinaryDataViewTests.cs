using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;

namespace Compat.MLNet.Tests.ModelFiles;

public sealed class BinaryDataViewTests
{
    private readonly MLContext _context = new();

    private byte[] Save(IDataView data, CompressionKind compression = CompressionKind.Deflate, int rowsPerBlock = 1000)
    {
        var stream = new MemoryStream();
        var saver = new BinarySaver(_context, new() { Compression = compression, MaxRowsPerBlock = rowsPerBlock });
        DataSaverUtils.SaveDataView(_context, saver, data, stream, keepHidden: true);
        return stream.ToArray();
    }

    private BinaryLoader Load(byte[] bytes) => new(_context, new MemoryStream(bytes));

    public static TheoryData<string, DataViewType, byte[]> Codecs => new()
    {
        { "Boolean", BooleanDataViewType.Instance, [] },
        { "SByte", NumberDataViewType.SByte, [] },
        { "Byte", NumberDataViewType.Byte, [] },
        { "Int16", NumberDataViewType.Int16, [] },
        { "UInt16", NumberDataViewType.UInt16, [] },
        { "Int32", NumberDataViewType.Int32, [] },
        { "UInt32", NumberDataViewType.UInt32, [] },
        { "Int64", NumberDataViewType.Int64, [] },
        { "UInt64", NumberDataViewType.UInt64, [] },
        { "Single", NumberDataViewType.Single, [] },
        { "Double", NumberDataViewType.Double, [] },
        { "TimeSpan", TimeSpanDataViewType.Instance, [] },
        { "DateTime", DateTimeDataViewType.Instance, [] },
        { "DateTimeOffset", DateTimeOffsetDataViewType.Instance, [] },
        { "DataViewRowId", RowIdDataViewType.Instance, [] },
        { "TextSpan", TextDataViewType.Instance, [] },
        { "Key2", new KeyDataViewType(typeof(uint), 5), [6, .. "UInt32"u8, 0, 5, 0, 0, 0, 0, 0, 0, 0] },
        { "VBuffer", new VectorDataViewType(NumberDataViewType.Single), [6, .. "Single"u8, 0, 1, 0, 0, 0, 0, 0, 0, 0] },
        { "VBuffer", new VectorDataViewType(NumberDataViewType.Byte, 2, 3), [4, .. "Byte"u8, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Codecs))]
    public void ATypeIsDescribedByNameAndParametersAndComesBack(string name, DataViewType type, byte[] parameters)
    {
        var factory = new CodecFactory(_context);
        Assert.True(factory.TryGetCodec(type, out IValueCodec codec));
        var stream = new MemoryStream();
        int written = factory.WriteCodec(stream, codec);
        byte[] expected = [(byte)name.Length, .. System.Text.Encoding.UTF8.GetBytes(name), (byte)parameters.Length, .. parameters];
        Assert.Equal(expected, stream.ToArray());
        Assert.Equal(expected.Length, written);
        stream.Position = 0;
        Assert.True(factory.TryReadCodec(stream, out IValueCodec read));
        Assert.True(type.Equals(read.Type));
    }

    [Fact]
    public void AKeyValuesBlockIsLaidOutByteByByte()
    {
        new CodecFactory(_context).TryGetCodec(new VectorDataViewType(TextDataViewType.Instance, 3), out IValueCodec codec);
        var block = new MemoryStream();
        ((IValueCodec<VBuffer<ReadOnlyMemory<char>>>)codec).WriteBlock(new BinaryWriter(block),
            [new VBuffer<ReadOnlyMemory<char>>(3, ["a".AsMemory(), "b".AsMemory(), "c".AsMemory()])]);
        Assert.Equal("01000000" + "03000000" + "FFFFFFFF" + "00000000" + "03000000" + "01000000" + "02000000" + "03000000" + "03616263",
            Convert.ToHexString(block.ToArray()));
    }

    [Theory]
    [InlineData("misc.zip", "A: Single", "B: Single", "Label: String")]
    [InlineData("single.zip", "A: Single", "B: Single", "Label: String")]
    [InlineData("images.zip", "ImagePath: String", "Label: String")]
    public void ASchemaThatThePublishedLibraryWroteIsReadAndWrittenTheSame(string file, params string[] columns)
    {
        byte[] bytes = TestFiles.Entries(File.ReadAllBytes(TestFiles.Zip(file))).Single(e => e.Name == "Schema").Bytes;
        using BinaryLoader loader = Load(bytes);
        Assert.Equal(columns, loader.Schema.Select(c => c.ToString()));
        Assert.Equal(0, loader.GetRowCount());
        Assert.Equal(bytes, Save(new EmptyDataView(_context, loader.Schema)));
    }

    [Fact]
    public void AnnotationsAndHiddenColumnsComeBack()
    {
        string[] words = Enumerable.Range(0, 200).Select(i => $"name {i}").ToArray();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddKeyValues(200, TextDataViewType.Instance,
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(200, words.Select(w => w.AsMemory()).ToArray()));
        annotations.AddPrimitiveValue("ScoreColumnSetId", AnnotationUtils.ScoreColumnSetIdType, 7u);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("L", TextDataViewType.Instance);
        builder.AddColumn("L", new KeyDataViewType(typeof(uint), 200), annotations.ToAnnotations());
        using BinaryLoader loader = Load(Save(new EmptyDataView(_context, builder.ToSchema())));
        Assert.Equal(["L: String", "L: Key<UInt32, 0-199> {KeyValues, ScoreColumnSetId}"], loader.Schema.Select(c => c.ToString()));
        Assert.True(loader.Schema[0].IsHidden);
        VBuffer<ReadOnlyMemory<char>> values = default;
        uint id = 0;
        loader.Schema["L"].GetKeyValues(ref values);
        loader.Schema["L"].Annotations.GetValue("ScoreColumnSetId", ref id);
        Assert.Equal(words, values.DenseValues().Select(v => v.ToString()));
        Assert.Equal(7u, id);
    }

    [Theory]
    [InlineData(CompressionKind.None, 1000)]
    [InlineData(CompressionKind.None, 4)]
    [InlineData(CompressionKind.Deflate, 4)]
    [InlineData(CompressionKind.Deflate, 1)]
    public void RowsOfEveryTypeComeBack(object compression, int rowsPerBlock)
    {
        List<AllTypes> rows = Enumerable.Range(0, 10).Select(AllTypes.Make).ToList();
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        using BinaryLoader loader = Load(Save(data, (CompressionKind)compression, rowsPerBlock));
        Assert.Equal(10, loader.GetRowCount());
        Assert.Equal(data.Schema.Select(c => c.ToString()), loader.Schema.Select(c => c.ToString()));
        Assert.Equal(rows.Select(r => r.Print()), _context.Data.CreateEnumerable<AllTypes>(loader, reuseRowObject: false).Select(r => r.Print()));
    }

    [Fact]
    public void SparseVectorsStaySparse()
    {
        new CodecFactory(_context).TryGetCodec(new VectorDataViewType(NumberDataViewType.Single), out IValueCodec codec);
        var vectors = (IValueCodec<VBuffer<float>>)codec;
        VBuffer<float>[] values = [new(5, 2, [1, 2], [0, 3]), new(2, [3, 4]), default, new(4, 0, [], [])];
        var block = new MemoryStream();
        vectors.WriteBlock(new BinaryWriter(block), values);
        block.Position = 0;
        var read = new VBuffer<float>[4];
        vectors.ReadBlock(new BinaryReader(block), read);
        Assert.Equal(values.Select(v => string.Join(' ', v.DenseValues())), read.Select(v => string.Join(' ', v.DenseValues())));
        Assert.Equal([false, true, true, false], read.Select(v => v.IsDense));
        Assert.Equal(block.Length, block.Position);
    }

    [Fact]
    public void ADataViewGoesThroughAFileWithoutItsHiddenColumns()
    {
        string path = Path.GetTempFileName();
        IDataView data = _context.Transforms.CopyColumns("Number", "Wide").Fit(_context.Data.LoadFromEnumerable(new[] { AllTypes.Make(4) }))
            .Transform(_context.Data.LoadFromEnumerable(new[] { AllTypes.Make(4) }));
        using (FileStream stream = File.Create(path))
            _context.Data.SaveAsBinary(data, stream);
        IDataView loaded = _context.Data.LoadFromBinary(path);
        Assert.Equal(data.Schema.Where(c => !c.IsHidden).Select(c => c.ToString()), loaded.Schema.Select(c => c.ToString()));
        Assert.Equal([4 * Math.PI], loaded.GetColumn<double>("Number"));
        Assert.Equal(14, loaded.Schema.Count);
        ((IDisposable)loaded).Dispose();
        File.Delete(path);
    }

    [Fact]
    public void AGetterOfAnotherTypeOrAnInactiveColumnIsRefused()
    {
        using BinaryLoader loader = Load(Save(_context.Data.LoadFromEnumerable(new[] { AllTypes.Make(0) })));
        using DataViewRowCursor cursor = loader.GetRowCursor([loader.Schema["Number"]]);
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(loader.Schema["Number"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<bool>(loader.Schema["Flag"]));
        float value = 0;
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(loader.Schema["Number"])(ref value));
    }
}
