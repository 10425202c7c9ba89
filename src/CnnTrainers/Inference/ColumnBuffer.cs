using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Inference;

/// <summary>Keeps one column's values of the rows that a cursor has read ahead.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>A buffer for a column, or null where its values cannot be copied: images and other disposable ones of unknown types.</summary>
    public static ColumnBuffer? Create(DataViewRow row, DataViewSchema.Column column, int capacity) => column.Type switch
    {
        ImageDataViewType => new ImageBuffer(row, column, capacity),
        VectorDataViewType vector => Make(typeof(VectorBuffer<>), vector.ItemType.RawType, row, column, capacity),
        PrimitiveDataViewType => Make(typeof(ScalarBuffer<>), column.Type.RawType, row, column, capacity),
        _ => null,
    };

    /// <summary>Takes the value of the row that the cursor stands on.</summary>
    public abstract void Store(int slot);

    /// <summary>A getter of the column's type for the slot that <paramref name="current"/> names.</summary>
    public abstract Delegate Getter(Func<int> current);

    private static ColumnBuffer Make(Type buffer, Type value, DataViewRow row, DataViewSchema.Column column, int capacity) =>
        (ColumnBuffer)Activator.CreateInstance(buffer.MakeGenericType(value), row, column, capacity)!;

    private sealed class ScalarBuffer<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : ColumnBuffer
    {
        private readonly ValueGetter<T> _source = row.GetGetter<T>(column);
        private readonly T[] _values = new T[capacity];

        public override void Store(int slot) => _source(ref _values[slot]);

        public override Delegate Getter(Func<int> current) => (ValueGetter<T>)((ref T value) => value = _values[current()]);
    }

    private sealed class VectorBuffer<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : ColumnBuffer
    {
        private readonly ValueGetter<VBuffer<T>> _source = row.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _values = new VBuffer<T>[capacity];

        public override void Store(int slot) => _source(ref _values[slot]);

        public override Delegate Getter(Func<int> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[current()].CopyTo(ref value));
    }

    // A getter's destination owns its image, so every call gives a copy of the one kept here. The kept ones are not disposed: they may be
    // the caller's own; getters that make images dispose the one that their destination held before.
    private sealed class ImageBuffer(DataViewRow row, DataViewSchema.Column column, int capacity) : ColumnBuffer
    {
        private readonly ValueGetter<MLImage> _source = row.GetGetter<MLImage>(column);
        private readonly MLImage?[] _values = new MLImage?[capacity];

        public override void Store(int slot) => _source(ref _values[slot]!);

        public override Delegate Getter(Func<int> current) => (ValueGetter<MLImage>)((ref MLImage value) =>
        {
            var image = _values[current()];
            value?.Dispose();
            value = image is null ? null! : MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels);
            if (image?.Tag is { } tag)
                value.Tag = tag;
        });
    }
}
