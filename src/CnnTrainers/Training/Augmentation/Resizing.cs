using System.Numerics;
using System.Runtime.InteropServices;

namespace CnnTrainers.Training;

/// <summary>
/// Enlarges a part of an image to the whole, bilinear, with pixel centres at halves and nothing read from outside the part. A part is never
/// larger than the whole, so that there is nothing to anti-alias.
/// </summary>
internal static class Resizing
{
    public static void Enlarge<T>(ImageBuffers<T> image, Box part) where T : unmanaged, INumberBase<T>
    {
        var (channels, height, width) = image.Shape;
        if (part == new Box(0, 0, height, width))
            return;
        for (var x = 0; x < width; x++)
        {
            var (left, share) = Source(x, part.Width, width);
            // Of the last column, the second of a pair is wanted, so that there is always a column right of it.
            image.Columns[x] = left < part.Width - 1 ? (left, share) : (Math.Max(0, part.Width - 2), 1);
        }
        for (var c = 0; c < channels; c++)
            Enlarge(image.Plane(c), image.Spare.Slice(c * height * width, height * width), part, image);
        image.Swap();
    }

    private static void Enlarge<T>(ReadOnlySpan<T> plane, Span<T> output, Box part, ImageBuffers<T> image) where T : unmanaged, INumberBase<T>
    {
        var (_, height, width) = image.Shape;
        var (upper, lower) = (image.Rows[0], image.Rows[1]);
        var (inUpper, inLower) = (-1, -1); // which source row they hold
        for (var y = 0; y < height; y++)
        {
            var (top, share) = Source(y, part.Height, height);
            var bottom = Math.Min(top + 1, part.Height - 1);
            if (inLower == top)
                (upper, lower, inUpper, inLower) = (lower, upper, inLower, inUpper);
            if (inUpper != top)
                Stretch(plane.Slice((part.Top + top) * width + part.Left, part.Width), image.Columns, upper);
            if (inLower != bottom)
                Stretch(plane.Slice((part.Top + bottom) * width + part.Left, part.Width), image.Columns, lower);
            (inUpper, inLower) = (top, bottom);
            Blend(upper, lower, share, output.Slice(y * width, width));
        }
    }

    private static void Stretch<T>(ReadOnlySpan<T> row, (int Left, float Share)[] columns, Span<float> output) where T : unmanaged, INumberBase<T>
    {
        if (row.Length == 1)
        {
            output.Fill(float.CreateTruncating(row[0]));
            return;
        }
        for (var x = 0; x < output.Length && x < columns.Length; x++)
        {
            var (left, share) = columns[x];
            var (a, b) = (float.CreateTruncating(row[left]), float.CreateTruncating(row[left + 1]));
            output[x] = a + share * (b - a);
        }
    }

    private static void Blend<T>(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, float share, Span<T> output) where T : unmanaged, INumberBase<T>
    {
        var x = 0;
        if (typeof(T) == typeof(byte))
            x = BlendBytes(upper, lower, share, MemoryMarshal.Cast<T, byte>(output));
        for (; x < output.Length; x++)
            output[x] = ImageBuffers<T>.Round(upper[x] + share * (lower[x] - upper[x]));
    }

    // As many as whole vectors have; gives their number.
    private static int BlendBytes(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, float share, Span<byte> output)
    {
        var (x, width) = (0, Vector<float>.Count);
        for (; x <= output.Length - 4 * width; x += 4 * width)
        {
            var (low, high) = (Vector.Narrow(At(upper, lower, share, x), At(upper, lower, share, x + width)),
                Vector.Narrow(At(upper, lower, share, x + 2 * width), At(upper, lower, share, x + 3 * width)));
            Vector.Narrow(low, high).CopyTo(output[x..]);
        }
        return x;
    }

    private static Vector<uint> At(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, float share, int x)
    {
        var above = new Vector<float>(upper[x..]);
        return Vector.ConvertToInt32Native(Vector.Round(above + share * (new Vector<float>(lower[x..]) - above))).As<int, uint>();
    }

    private static (int First, float Share) Source(int at, int part, int whole)
    {
        var place = Math.Clamp((at + 0.5) * part / whole - 0.5, 0, part - 1);
        var first = (int)place;
        return (first, (float)(place - first));
    }
}
