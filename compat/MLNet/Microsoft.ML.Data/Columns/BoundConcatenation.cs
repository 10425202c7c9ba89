using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>One concatenated column over one input schema.</summary>
internal sealed class BoundConcatenation
{
    private readonly ColumnConcatenatingTransformer.Output _output;
    private readonly PrimitiveDataViewType _itemType;

    public BoundConcatenation(IHost host, ColumnConcatenatingTransformer.Output output, DataViewSchema inputSchema)
    {
        _output = output;
        Sources = new DataViewSchema.Column[output.Sources.Length];
        for (int i = 0; i < Sources.Length; i++)
        {
            string name = output.Sources[i].Name;
            Sources[i] = inputSchema.GetColumnOrNull(name) ?? throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
            var type = Sources[i].Type;
            var itemType = type.GetItemType() as PrimitiveDataViewType;
            _itemType ??= itemType;
            if (itemType is null || !itemType.Equals(_itemType))
                throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name, _itemType?.ToString() ?? "a primitive type", type.ToString());
        }
        IsPassedOn = Sources.Length == 1 && Sources[0].Type is VectorDataViewType;
        Type = IsPassedOn ? (VectorDataViewType)Sources[0].Type : new VectorDataViewType(_itemType, TotalSize());
    }

    public DataViewSchema.Column[] Sources { get; }

    /// <summary>A single vector is handed on as it is, with its dimensions and annotations.</summary>
    private bool IsPassedOn { get; }

    private VectorDataViewType Type { get; }

    /// <summary>The sizes added up, 0 where one is unknown.</summary>
    private int TotalSize()
    {
        int total = 0;
        foreach (var source in Sources)
        {
            int size = source.Type is VectorDataViewType vector ? vector.Size : 1;
            if (size == 0)
                return 0;
            total = checked(total + size);
        }
        return total;
    }

    public DataViewSchema.DetachedColumn MakeColumn()
    {
        if (IsPassedOn)
            return new DataViewSchema.DetachedColumn(_output.Name, Type, Sources[0].Annotations);

        var annotations = new DataViewSchema.Annotations.Builder();
        if (_itemType is NumberDataViewType && Array.TrueForAll(Sources, source => source.IsNormalized()))
            annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        if (Type.Size > 0 && Array.Exists(Sources, source => source.Type is not VectorDataViewType || source.HasSlotNames()))
            annotations.AddSlotNames(Type.Size, GetSlotNames);
        if (Type.Size > 0)
            CategoricalRanges.Add(annotations, Sources);
        return new DataViewSchema.DetachedColumn(_output.Name, Type, annotations.ToAnnotations());
    }

    /// <summary>A scalar's slot has its column's name, a vector's named slot "column.slot"; others stay empty.</summary>
    private void GetSlotNames(ref VBuffer<ReadOnlyMemory<char>> names)
    {
        var editor = VBufferEditor.Create(ref names, Type.Size);
        editor.Values.Clear();
        var slots = default(VBuffer<ReadOnlyMemory<char>>);
        int offset = 0;
        for (int i = 0; i < Sources.Length; i++)
        {
            string prefix = _output.Sources[i].Alias ?? _output.Sources[i].Name;
            if (Sources[i].Type is not VectorDataViewType vector)
            {
                editor.Values[offset++] = prefix.AsMemory();
                continue;
            }
            if (Sources[i].HasSlotNames())
            {
                Sources[i].GetSlotNames(ref slots);
                foreach (var (slot, name) in slots.Items())
                    editor.Values[offset + slot] = SlotName(prefix, name);
            }
            offset += vector.Size;
        }
        names = editor.Commit();
    }

    private static ReadOnlyMemory<char> SlotName(string prefix, ReadOnlyMemory<char> slot)
        => slot.IsEmpty || prefix.Length == 0 ? slot : $"{prefix}.{slot}".AsMemory();

    public Delegate MakeGetter(DataViewRow input)
    {
        if (IsPassedOn)
            return RowCursorUtils.GetGetterAsDelegate(input, Sources[0]);
        return Utils.MarshalInvoke(MakeGetter<int>, _itemType.RawType, input);
    }

    private Delegate MakeGetter<T>(DataViewRow input)
    {
        var parts = new Part<T>[Sources.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = Part<T>.Create(input, Sources[i]);

        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> destination) =>
        {
            int length = 0, stored = 0;
            foreach (var part in parts)
            {
                part.Read();
                length = checked(length + part.Length);
                stored += part.Stored;
            }

            // Stays sparse while at most half of the slots are stored.
            bool dense = stored > length / 2;
            var editor = VBufferEditor.Create(ref destination, length, dense ? length : stored);
            int offset = 0, written = 0;
            foreach (var part in parts)
            {
                if (dense)
                    part.CopyDense(editor.Values, offset);
                else
                    written += part.CopySparse(editor.Values[written..], editor.Indices.IsEmpty ? default : editor.Indices[written..], offset);
                offset += part.Length;
            }
            destination = editor.Commit();
        };
        return getter;
    }

    /// <summary>One source of a row: a buffer that is kept from row to row.</summary>
    private abstract class Part<T>
    {
        public static Part<T> Create(DataViewRow input, DataViewSchema.Column column) => column.Type is VectorDataViewType vector
            ? new VectorPart<T>(input.GetGetter<VBuffer<T>>(column), column.Name, vector.Size)
            : new ScalarPart<T>(input.GetGetter<T>(column));

        public abstract int Length { get; }

        public abstract int Stored { get; }

        public abstract void Read();

        public abstract void CopyDense(Span<T> values, int offset);

        public abstract int CopySparse(Span<T> values, Span<int> indices, int offset);
    }

    private sealed class ScalarPart<T>(ValueGetter<T> getter) : Part<T>
    {
        private T _value;

        public override int Length => 1;

        public override int Stored => 1;

        public override void Read() => getter(ref _value);

        public override void CopyDense(Span<T> values, int offset) => values[offset] = _value;

        public override int CopySparse(Span<T> values, Span<int> indices, int offset)
        {
            values[0] = _value;
            indices[0] = offset;
            return 1;
        }
    }

    private sealed class VectorPart<T>(ValueGetter<VBuffer<T>> getter, string name, int size) : Part<T>
    {
        private VBuffer<T> _buffer;

        public override int Length => _buffer.Length;

        public override int Stored => _buffer.GetValues().Length;

        public override void Read()
        {
            getter(ref _buffer);
            if (size != 0 && _buffer.Length != size)
                throw Contracts.Except($"Column '{name}': expected {size} slots, but got {_buffer.Length}");
        }

        public override void CopyDense(Span<T> values, int offset) => _buffer.CopyTo(values, offset);

        public override int CopySparse(Span<T> values, Span<int> indices, int offset)
        {
            var stored = _buffer.GetValues();
            stored.CopyTo(values);
            var slots = _buffer.GetIndices();
            for (int i = 0; i < stored.Length; i++)
                indices[i] = offset + (_buffer.IsDense ? i : slots[i]);
            return stored.Length;
        }
    }
}
