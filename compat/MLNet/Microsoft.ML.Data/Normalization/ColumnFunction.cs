using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>What a normalizer has learned of one column.</summary>
internal abstract class ColumnFunction
{
    public abstract NormalizingTransformer.NormalizerModelParametersBase Parameters { get; }

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column);

    public abstract void Save(ModelSaveContext ctx);

    public static ColumnFunction Load(ModelLoadContext ctx, DataViewType type)
        => Utils.MarshalInvoke(Load<float>, type.GetItemType().RawType, ctx, type);

    private static ColumnFunction Load<T>(ModelLoadContext ctx, DataViewType type) where T : unmanaged, IFloatingPointIeee754<T>
    {
        string signature = ModelHeader.GetLoaderSig(ref ctx.Header);
        ColumnFunction<T> function = signature switch
        {
            AffineColumnFunction<T>.LoaderSignature => AffineColumnFunction<T>.Load(ctx, type),
            CdfColumnFunction<T>.LoaderSignature => CdfColumnFunction<T>.Load(ctx, type),
            _ => throw Contracts.ExceptDecode($"Unknown normalizer '{signature}'"),
        };
        return function;
    }
}

/// <inheritdoc/>
internal abstract class ColumnFunction<T>(bool isVector, int size) : ColumnFunction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Size => size;

    protected bool IsVector => isVector;

    protected abstract T Map(T value, int slot);

    protected abstract void MapSparse(in VBuffer<T> source, ref VBuffer<T> destination);

    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column) => isVector ? MakeVectorGetter(input, column) : MakeScalarGetter(input, column);

    private ValueGetter<T> MakeScalarGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var source = input.GetGetter<T>(column);
        return (ref T value) =>
        {
            source(ref value);
            value = Map(value, 0);
        };
    }

    private ValueGetter<VBuffer<T>> MakeVectorGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var source = input.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return (ref VBuffer<T> destination) =>
        {
            source(ref values);
            if (values.Length != size)
                throw Contracts.Except($"Normalizer expected {size} slots but got {values.Length}");
            if (values.IsDense)
                MapAll(values.GetValues(), ref destination);
            else
                MapSparse(values, ref destination);
        };
    }

    private void MapAll(ReadOnlySpan<T> source, ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, size);
        for (int i = 0; i < size; i++)
            editor.Values[i] = Map(source[i], i);
        destination = editor.Commit();
    }

    /// <summary>What is not stored stays unstored.</summary>
    protected void MapStored(in VBuffer<T> source, ref VBuffer<T> destination)
    {
        var values = source.GetValues();
        var indices = source.GetIndices();
        var editor = VBufferEditor.Create(ref destination, size, values.Length);
        for (int i = 0; i < values.Length; i++)
            editor.Values[i] = Map(values[i], indices[i]);
        indices.CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    protected static void Write(BinaryWriter writer, T[] values) => writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));

    protected static T[] Read(BinaryReader reader, int count)
    {
        var values = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>Every payload begins with the size of its numbers.</summary>
    protected static void WriteItemSize(BinaryWriter writer) => writer.Write(Unsafe.SizeOf<T>());

    protected static void CheckItemSize(BinaryReader reader)
        => Contracts.CheckDecode(reader.ReadInt32() == Unsafe.SizeOf<T>(), "The normalizer's numbers have another size than the column's");

    /// <summary>Before arrays are made: what was learned must fit to the column.</summary>
    protected static void CheckSize(int size, DataViewType type)
    {
        int expected = Math.Max(1, type.GetVectorSize());
        if (size != expected)
            throw Contracts.Except($"Normalizer expected {size} slots, but the input data column has {expected} slots.");
    }

    /// <summary>A count that the rest of the stream can hold.</summary>
    protected static int ReadCount(BinaryReader reader, int itemSize)
    {
        int count = reader.ReadInt32();
        Contracts.CheckDecode(count >= 0 && (long)count * itemSize <= reader.BaseStream.Length - reader.BaseStream.Position, "The normalizer's counts contradict each other");
        return count;
    }
}
