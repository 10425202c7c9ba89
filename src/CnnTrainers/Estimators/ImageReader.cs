using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Estimators;

/// <summary>Reads the image of a cursor's current row as planar pixels, whatever the column's type and layout.</summary>
internal abstract class ImageReader(ImageFormat format)
{
    protected ImageShape Shape { get; } = format.Shape;

    protected bool Interleaved { get; } = format.Interleaved;

    /// <summary>Whether pixels are bytes by type.</summary>
    public abstract bool IsByte { get; }

    public static ImageReader Create(DataViewRow row, DataViewSchema.Column column, ImageFormat format) => column.Type switch
    {
        ImageDataViewType => new ImageColumnReader(row, column, format),
        VectorDataViewType vector when vector.ItemType.Equals(NumberDataViewType.Byte) => new VectorReader<byte>(row, column, format),
        _ => new VectorReader<float>(row, column, format),
    };

    /// <summary>Fetches the row's value.</summary>
    /// <returns>False where the row has no image: null, or the empty vector that ExtractPixels makes of one.</returns>
    /// <exception cref="BadPixelsException">The value has another size than the column's type says, or pixels that are no numbers.</exception>
    public abstract bool Read();

    /// <summary>Writes the fetched image, channels × height × width.</summary>
    public abstract void CopyTo(Span<float> planar);

    /// <summary>Writes the fetched image, channels × height × width; only where pixels are bytes.</summary>
    public abstract void CopyTo(Span<byte> planar);

    /// <summary>Copies a vector's values into planar order.</summary>
    protected void ToPlanar<T>(ReadOnlySpan<T> source, Span<T> planar)
    {
        if (!Interleaved || Shape.Channels == 1)
        {
            source.CopyTo(planar);
            return;
        }
        var area = Shape.Height * Shape.Width;
        for (var channel = 0; channel < Shape.Channels; channel++)
        {
            var plane = planar.Slice(channel * area, area);
            for (int pixel = 0, at = channel; pixel < plane.Length; pixel++, at += Shape.Channels)
                plane[pixel] = source[at];
        }
    }

    private sealed class VectorReader<T>(DataViewRow row, DataViewSchema.Column column, ImageFormat format) : ImageReader(format)
        where T : unmanaged
    {
        private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
        private readonly int _size = format.Shape.Size;
        private T[] _dense = []; // a sparse vector's values; dense ones are taken where they are
        private VBuffer<T> _value;
        private byte[]? _planar;

        public override bool IsByte => typeof(T) == typeof(byte);

        public override bool Read()
        {
            _getter(ref _value);
            if (_value.Length == 0 || (!_value.IsDense && _value.GetValues().IsEmpty))
                return false;
            if (_value.Length != _size)
                throw new BadPixelsException($"expected {_size} values ({Shape}), got {_value.Length}");
            if (!_value.IsDense)
                Densify();
            if (typeof(T) == typeof(float) && FirstNotFinite(MemoryMarshal.Cast<T, float>(Values)) is >= 0 and var at)
                throw new BadPixelsException(FormattableString.Invariant($"pixel values must be finite, got {Values[at]} at position {at}"));
            return true;
        }

        private ReadOnlySpan<T> Values => _value.IsDense ? _value.GetValues() : _dense;

        private void Densify()
        {
            if (_dense.Length == 0)
                _dense = new T[_size];
            _value.CopyTo(_dense);
        }

        public override void CopyTo(Span<float> planar)
        {
            if (typeof(T) == typeof(byte))
                Widen(MemoryMarshal.AsBytes(Values), planar);
            else
                ToPlanar(MemoryMarshal.Cast<T, float>(Values), planar);
        }

        public override void CopyTo(Span<byte> planar) => ToPlanar(MemoryMarshal.AsBytes(Values), planar);

        private void Widen(ReadOnlySpan<byte> source, Span<float> planar)
        {
            ToPlanar<byte>(source, _planar ??= new byte[_size]);
            for (var at = 0; at < _planar.Length; at++)
                planar[at] = _planar[at];
        }

        private static int FirstNotFinite(ReadOnlySpan<float> pixels)
        {
            // x × 0 is 0 for every finite x and NaN for all others, so that one sum tells of them all.
            var sum = Vector<float>.Zero;
            foreach (var part in MemoryMarshal.Cast<float, Vector<float>>(pixels))
                sum += part * Vector<float>.Zero;
            var at = Vector.EqualsAll(sum, Vector<float>.Zero) ? pixels.Length - pixels.Length % Vector<float>.Count : 0;
            while (at < pixels.Length && float.IsFinite(pixels[at]))
                at++;
            return at < pixels.Length ? at : -1;
        }
    }

    private sealed class ImageColumnReader(DataViewRow row, DataViewSchema.Column column, ImageFormat format) : ImageReader(format)
    {
        private readonly ValueGetter<MLImage> _getter = row.GetGetter<MLImage>(column);
        private byte[]? _planar;
        private MLImage? _image; // never disposed here: it may be the caller's own; getters that make images dispose the one before

        public override bool IsByte => true;

        public override bool Read()
        {
            _getter(ref _image!);
            if (_image is null)
                return false;
            if (_image.Height != Shape.Height || _image.Width != Shape.Width)
                throw new BadPixelsException($"expected an image of height {Shape.Height} and width {Shape.Width}, got {_image.Height} and {_image.Width}");
            if (_image.PixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
                throw new BadPixelsException($"expected pixels of format Bgra32 or Rgba32, got {_image.PixelFormat}");
            return true;
        }

        public override void CopyTo(Span<float> planar)
        {
            CopyTo((_planar ??= new byte[planar.Length]).AsSpan());
            for (var at = 0; at < _planar.Length; at++)
                planar[at] = _planar[at];
        }

        public override void CopyTo(Span<byte> planar)
        {
            var source = _image!.Pixels;
            var (red, blue) = _image.PixelFormat == MLPixelFormat.Bgra32 ? (2, 0) : (0, 2);
            if (Shape.Channels == 1)
                ToGrey(source, red, blue, planar);
            else
                for (var channel = 0; channel < Shape.Channels; channel++)
                    CopyPlane(source, channel switch { 0 => red, 2 => blue, _ => channel }, planar.Slice(channel * Shape.Height * Shape.Width));
        }

        private void CopyPlane(ReadOnlySpan<byte> source, int offset, Span<byte> planar)
        {
            for (var pixel = 0; pixel < Shape.Height * Shape.Width; pixel++)
                planar[pixel] = source[pixel * 4 + offset];
        }

        // ITU-R BT.601 luma; a grey pixel, whose three values are equal, keeps its value.
        private void ToGrey(ReadOnlySpan<byte> source, int red, int blue, Span<byte> planar)
        {
            for (var pixel = 0; pixel < planar.Length; pixel++)
                planar[pixel] = (byte)((299 * source[pixel * 4 + red] + 587 * source[pixel * 4 + 1] + 114 * source[pixel * 4 + blue] + 500) / 1000);
        }
    }
}

/// <summary>A row's pixels cannot be used although they could be read; told apart from an unreadable image, which may be skipped.</summary>
internal sealed class BadPixelsException(string message) : Exception(message);
