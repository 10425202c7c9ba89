using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>(value - offset) * scale, slot by slot. No offsets at all are null.</summary>
internal sealed class AffineColumnFunction<T> : ColumnFunction<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public const string LoaderSignature = "AffineNormExec";

    private readonly T[] _scale;
    private readonly T[] _offset;
    private readonly int[] _shifted;

    public AffineColumnFunction(bool isVector, T[] scale, T[] offset)
        : base(isVector, scale.Length)
    {
        _scale = scale;
        _offset = isVector && Array.TrueForAll(offset ?? [], T.IsZero) ? null : offset;
        int[] shifted = _offset is null ? [] : Enumerable.Range(0, scale.Length).Where(i => !T.IsZero(_offset[i])).ToArray();
        // With many of them a sparse vector is dense afterwards anyway.
        _shifted = shifted.Length < scale.Length / 2 ? shifted : null;
    }

    public override NormalizingTransformer.NormalizerModelParametersBase Parameters => IsVector
        ? new NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<T>>(ImmutableArray.Create(_scale), ImmutableArray.Create(_offset))
        : new NormalizingTransformer.AffineNormalizerModelParameters<T>(_scale[0], OffsetOf(0));

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "AFF NORM",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(AffineColumnFunction<T>).Assembly.FullName);

    private T OffsetOf(int slot) => _offset is null ? T.Zero : _offset[slot];

    protected override T Map(T value, int slot) => (value - OffsetOf(slot)) * _scale[slot];

    protected override void MapSparse(in VBuffer<T> source, ref VBuffer<T> destination)
    {
        if (_offset is null)
            MapStored(source, ref destination);
        else if (_shifted is null)
            Spread(source, ref destination);
        else
            MapStoredAndShifted(source, ref destination);
    }

    private void Spread(in VBuffer<T> source, ref VBuffer<T> destination)
    {
        var values = source.GetValues();
        var indices = source.GetIndices();
        var editor = VBufferEditor.Create(ref destination, Size);
        for (int i = 0; i < Size; i++)
            editor.Values[i] = Map(T.Zero, i);
        for (int i = 0; i < values.Length; i++)
            editor.Values[indices[i]] = Map(values[i], indices[i]);
        destination = editor.Commit();
    }

    /// <summary>Slots that are stored, or not 0 after the offset, in rising order.</summary>
    private void MapStoredAndShifted(in VBuffer<T> source, ref VBuffer<T> destination)
    {
        var values = source.GetValues();
        var indices = source.GetIndices();
        int capacity = Math.Min(Size, values.Length + _shifted.Length);
        var editor = VBufferEditor.Create(ref destination, Size, capacity, requireIndicesOnDense: true);
        int count = 0, stored = 0, shifted = 0;
        while (stored < values.Length || shifted < _shifted.Length)
        {
            int nextStored = stored < values.Length ? indices[stored] : Size;
            int nextShifted = shifted < _shifted.Length ? _shifted[shifted] : Size;
            int slot = Math.Min(nextStored, nextShifted);
            editor.Values[count] = Map(nextStored == slot ? values[stored++] : T.Zero, slot);
            editor.Indices[count++] = slot;
            if (nextShifted == slot)
                shifted++;
        }
        destination = editor.CommitTruncated(count);
    }

    // The payload, taken from public sources: i32 size of a number, i32 slots, i32 -1 (or a count of indices, for which alone
    // the numbers stand), scales and offsets each with their count; no offsets where all are 0.
    public override void Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        WriteItemSize(ctx.Writer);
        ctx.Writer.Write(Size);
        ctx.Writer.Write(-1);
        ctx.Writer.Write(Size);
        Write(ctx.Writer, _scale);
        ctx.Writer.Write(_offset?.Length ?? 0);
        Write(ctx.Writer, _offset ?? []);
        // Nobody reads the list back: it is for people who look into the file.
        ctx.SaveTextStream("AffineNormalizer.txt", WriteList);
    }

    private void WriteList(TextWriter writer)
    {
        writer.WriteLine($"NumNormalizationFeatures={Size}");
        for (int i = 0; i < Size; i++)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i}\t{OffsetOf(i)}\t{_scale[i]}"));
        writer.WriteLine();
    }

    public static AffineColumnFunction<T> Load(ModelLoadContext ctx, DataViewType type)
    {
        ctx.CheckAtModel(GetVersionInfo());
        var reader = ctx.Reader;
        CheckItemSize(reader);
        int size = reader.ReadInt32();
        int morphed = reader.ReadInt32();
        CheckSize(size, type);
        Contracts.CheckDecode(morphed >= -1 && morphed < size, "The normalizer's counts contradict each other");
        int[] indices = morphed < 0 ? null : ReadIndices(reader, morphed);
        T[] scale = Read(reader, ReadCount(reader, Unsafe.SizeOf<T>()));
        T[] offset = Read(reader, ReadCount(reader, Unsafe.SizeOf<T>()));
        Contracts.CheckDecode(scale.Length == (indices?.Length ?? size) && (offset.Length == 0 || offset.Length == scale.Length),
            "The normalizer's counts contradict each other");
        Contracts.CheckDecode(!Array.Exists(scale, T.IsNaN) && !Array.Exists(offset, T.IsNaN), "The normalizer has a scale or an offset that is no number");
        bool isVector = type is VectorDataViewType;
        return new(isVector, Spread(scale, indices, size, T.One), offset.Length == 0 ? NoOffset(isVector) : Spread(offset, indices, size, T.Zero));
    }

    private static T[] NoOffset(bool isVector) => isVector ? null : [T.Zero];

    private static int[] ReadIndices(BinaryReader reader, int count)
    {
        Contracts.CheckDecode((long)count * sizeof(int) <= reader.BaseStream.Length - reader.BaseStream.Position, "The normalizer's counts contradict each other");
        var indices = new int[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(indices.AsSpan()));
        return indices;
    }

    private static T[] Spread(T[] values, int[] indices, int size, T rest)
    {
        if (indices is null)
            return values;
        Contracts.CheckDecode(Array.TrueForAll(indices, i => i >= 0 && i < size), "The normalizer's indices are out of range");
        var spread = new T[size];
        Array.Fill(spread, rest);
        for (int i = 0; i < indices.Length; i++)
            spread[indices[i]] = values[i];
        return spread;
    }
}
