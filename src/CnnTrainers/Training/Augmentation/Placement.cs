using System.Numerics;

namespace CnnTrainers.Training;

/// <summary>How one training image is moved: shifted within a black border, then mirrored.</summary>
/// <param name="Down">Rows that the image's window is moved down; negative is up.</param>
/// <param name="Right">Columns that it is moved right; negative is left.</param>
/// <param name="Mirrored">Whether left and right are swapped.</param>
/// <param name="Flipped">Whether top and bottom are swapped.</param>
internal readonly record struct Placement(int Down, int Right, bool Mirrored, bool Flipped = false)
{
    /// <summary>What a value becomes when it is put in its place.</summary>
    internal interface IMapping<TSelf, TIn, TOut>
    {
        public TSelf Of(int channel);

        public TOut Map(TIn value);
    }

    /// <summary>Moves a planar image, C×H×W → C×H×W.</summary>
    public void Copy<T>(ReadOnlySpan<T> image, ImageShape shape, Span<T> destination) where T : unmanaged, INumberBase<T> =>
        Put<T, T, Same<T>>(image, shape, default, destination, 1, shape.Height * shape.Width);

    /// <summary>The same with the channels last, C×H×W → H×W×C.</summary>
    public void PutLast<T>(ReadOnlySpan<T> image, ImageShape shape, Span<T> destination) where T : unmanaged, INumberBase<T> =>
        Put<T, T, Same<T>>(image, shape, default, destination);

    /// <summary>Moves a planar image to where a channels-last tensor has it, C×H×W → H×W×C.</summary>
    public void Put<TIn, TOut, TMapping>(ReadOnlySpan<TIn> image, ImageShape shape, TMapping mapping, Span<TOut> destination)
        where TIn : unmanaged, INumberBase<TIn> where TMapping : struct, IMapping<TMapping, TIn, TOut> =>
        Put(image, shape, mapping, destination, shape.Channels, 1);

    private void Put<TIn, TOut, TMapping>(ReadOnlySpan<TIn> image, ImageShape shape, TMapping mapping, Span<TOut> destination, int pixelStride, int planeStride)
        where TIn : unmanaged, INumberBase<TIn> where TMapping : struct, IMapping<TMapping, TIn, TOut>
    {
        var (channels, height, width) = shape;
        var from = Math.Clamp(Mirrored ? Right : -Right, 0, width); // the columns that get a pixel of the image
        var to = Math.Max(from, Math.Clamp(width - (Mirrored ? -Right : Right), 0, width));
        var (start, direction) = Mirrored ? (width - 1 - from + Right, -1) : (from + Right, 1);
        for (var c = 0; c < channels; c++)
        {
            var ofChannel = mapping.Of(c);
            var black = ofChannel.Map(TIn.Zero);
            for (var y = 0; y < height; y++)
            {
                var source = (Flipped ? height - 1 - y : y) + Down;
                var output = destination[(c * planeStride + y * width * pixelStride)..];
                var inside = (uint)source < (uint)height;
                Fill(output, black, 0, inside ? from : width, pixelStride);
                if (!inside)
                    continue;
                var row = image.Slice((c * height + source) * width, width);
                for (int x = from, column = start; x < to; x++, column += direction)
                    output[x * pixelStride] = ofChannel.Map(row[column]);
                Fill(output, black, to, width, pixelStride);
            }
        }
    }

    private static void Fill<T>(Span<T> output, T value, int from, int to, int stride)
    {
        for (var x = from; x < to; x++)
            output[x * stride] = value;
    }

    private readonly struct Same<T> : IMapping<Same<T>, T, T>
    {
        public Same<T> Of(int channel) => this;

        public T Map(T value) => value;
    }
}
