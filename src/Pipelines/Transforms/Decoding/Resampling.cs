using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnTrainers.Pipelines.Decoding;

/// <summary>The two loops of a resize: along rows, and across them. In whole numbers, so that every processor gives the same pixels.</summary>
internal static unsafe class Resampling
{
    /// <summary>Bits after the point of what lies between the two: 255 × 64 still is a positive short.</summary>
    private const int Between = 6;

    /// <summary>New pixels are made this many at a time.</summary>
    public const int Block = 8;

    /// <summary>Whether the loops run on vectors.</summary>
    public static bool IsVectorized => Ssse3.IsSupported;

    /// <summary>Shrinks a row of four bytes a pixel into rows of one channel each.</summary>
    /// <param name="pixels">The row; some pixels beyond its end may be read, and are not used.</param>
    /// <param name="filter">The weights along the row.</param>
    /// <param name="channels">How many channels are wanted: 3 or 4.</param>
    /// <param name="rows">The rows of the first channel and, each <paramref name="stride"/> further, of the others.</param>
    /// <param name="stride">Numbers from a channel's row to the next one's.</param>
    /// <param name="vectorized">Whether to do it on vectors.</param>
    public static void Along(byte* pixels, FilterWeights filter, int channels, short* rows, int stride, bool vectorized)
    {
        fixed (short* weights = filter.Weights)
        fixed (int* first = filter.First)
        {
            for (int x = 0; x < filter.Count; x += 4)
                if (vectorized) FourAlong(pixels, first + x, weights + x * filter.Taps, filter.Taps, channels, rows + x, stride);
                else FourAlongPlainly(pixels, first + x, weights + x * filter.Taps, filter.Taps, channels, rows + x, stride);
        }
    }

    /// <summary>Makes a row of bytes of some rows of one channel.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="count">How many they are: even.</param>
    /// <param name="width">How many numbers a row has: a multiple of <see cref="Block"/>.</param>
    /// <param name="to">The row of bytes.</param>
    /// <param name="vectorized">Whether to do it on vectors.</param>
    public static void Across(short** rows, short* weights, int count, int width, byte* to, bool vectorized)
    {
        for (int x = 0; x < width; x += Block)
            if (vectorized) EightAcross(rows, weights, count, x, to + x);
            else EightAcrossPlainly(rows, weights, count, x, to + x);
    }

    private static void FourAlong(byte* pixels, int* first, short* weights, int taps, int channels, short* rows, int stride)
    {
        Vector128<int> a = Sum(pixels + 4 * first[0], weights, taps), b = Sum(pixels + 4 * first[1], weights + taps, taps);
        Vector128<int> c = Sum(pixels + 4 * first[2], weights + 2 * taps, taps), d = Sum(pixels + 4 * first[3], weights + 3 * taps, taps);
        Vector128<long> redGreen = Sse2.UnpackLow(a, b).AsInt64(), blueAlpha = Sse2.UnpackHigh(a, b).AsInt64();
        Vector128<long> redGreen2 = Sse2.UnpackLow(c, d).AsInt64(), blueAlpha2 = Sse2.UnpackHigh(c, d).AsInt64();
        Vector128<short> low = Narrow(Sse2.UnpackLow(redGreen, redGreen2), Sse2.UnpackHigh(redGreen, redGreen2));
        Vector128<short> high = Narrow(Sse2.UnpackLow(blueAlpha, blueAlpha2), Sse2.UnpackHigh(blueAlpha, blueAlpha2));
        low.GetLower().Store(rows);
        low.GetUpper().Store(rows + stride);
        high.GetLower().Store(rows + 2 * stride);
        if (channels == 4) high.GetUpper().Store(rows + 3 * stride);
    }

    // Red, green, blue and alpha of one new pixel: four old ones at a time, each channel's bytes in pairs beside each other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Sum(byte* pixels, short* weights, int taps)
    {
        Vector128<byte> front = Vector128.Create((byte)0, 255, 4, 255, 1, 255, 5, 255, 2, 255, 6, 255, 3, 255, 7, 255);
        Vector128<byte> back = Vector128.Create((byte)8, 255, 12, 255, 9, 255, 13, 255, 10, 255, 14, 255, 11, 255, 15, 255);
        Vector128<int> sum = Vector128<int>.Zero;
        for (int i = 0; i < taps; i += 4)
        {
            Vector128<byte> four = Vector128.Load(pixels + 4 * i);
            sum += Sse2.MultiplyAddAdjacent(Ssse3.Shuffle(four, front).AsInt16(), Pair(weights + i));
            sum += Sse2.MultiplyAddAdjacent(Ssse3.Shuffle(four, back).AsInt16(), Pair(weights + i + 2));
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Pair(short* weights) => Vector128.Create(Unsafe.ReadUnaligned<int>(weights)).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Narrow(Vector128<long> low, Vector128<long> high)
    {
        Vector128<int> half = Vector128.Create(Half(FilterWeights.Bits - Between));
        return Sse2.PackSignedSaturate((low.AsInt32() + half) >> (FilterWeights.Bits - Between), (high.AsInt32() + half) >> (FilterWeights.Bits - Between));
    }

    private static void FourAlongPlainly(byte* pixels, int* first, short* weights, int taps, int channels, short* rows, int stride)
    {
        for (int x = 0; x < 4; x++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int sum = Half(FilterWeights.Bits - Between);
                for (int i = 0; i < taps; i++) sum += weights[x * taps + i] * pixels[4 * (first[x] + i) + channel];
                rows[channel * stride + x] = (short)(sum >> (FilterWeights.Bits - Between));
            }
        }
    }

    private static void EightAcross(short** rows, short* weights, int count, int x, byte* to)
    {
        Vector128<int> low = Vector128.Create(Half(FilterWeights.Bits + Between)), high = low;
        for (int i = 0; i < count; i += 2)
        {
            Vector128<short> a = Vector128.Load(rows[i] + x), b = Vector128.Load(rows[i + 1] + x), pair = Pair(weights + i);
            low += Sse2.MultiplyAddAdjacent(Sse2.UnpackLow(a, b), pair);
            high += Sse2.MultiplyAddAdjacent(Sse2.UnpackHigh(a, b), pair);
        }
        Vector128<short> sums = Sse2.PackSignedSaturate(low >> (FilterWeights.Bits + Between), high >> (FilterWeights.Bits + Between));
        Sse2.PackUnsignedSaturate(sums, sums).GetLower().Store(to);
    }

    private static void EightAcrossPlainly(short** rows, short* weights, int count, int x, byte* to)
    {
        for (int at = x; at < x + Block; at++)
        {
            int sum = Half(FilterWeights.Bits + Between);
            for (int i = 0; i < count; i++) sum += weights[i] * rows[i][at];
            *to++ = (byte)Math.Clamp(sum >> (FilterWeights.Bits + Between), 0, 255);
        }
    }

    private static int Half(int bits) => 1 << (bits - 1);
}
