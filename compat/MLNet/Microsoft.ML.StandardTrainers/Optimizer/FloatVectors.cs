using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Numeric;

/// <summary>
/// Arithmetic on float vectors with the processor's wide instructions. The methods on four rows read each weight once for all four,
/// which is what bounds their speed; their lengths are multiples of <see cref="Vector{T}.Count"/>.
/// </summary>
internal static class FloatVectors
{
    /// <summary>The next multiple of the processor's vector length.</summary>
    public static int Padded(int length) => (length + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;

    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int width = Vector<float>.Count, i = 0;
        Vector<float> even = default, odd = default;
        for (; i <= a.Length - 2 * width; i += 2 * width)
        {
            even = Vector.MultiplyAddEstimate(new Vector<float>(a[i..]), new Vector<float>(b[i..]), even);
            odd = Vector.MultiplyAddEstimate(new Vector<float>(a[(i + width)..]), new Vector<float>(b[(i + width)..]), odd);
        }
        float sum = Vector.Sum(even + odd);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>The length of a vector.</summary>
    public static float Norm(ReadOnlySpan<float> a) => MathF.Sqrt(Dot(a, a));

    /// <summary>destination = a + factor · b; the destination may be a or b.</summary>
    public static void AddMultiple(ReadOnlySpan<float> a, float factor, ReadOnlySpan<float> b, Span<float> destination)
    {
        int width = Vector<float>.Count, i = 0;
        var factors = new Vector<float>(factor);
        for (; i <= a.Length - width; i += width)
            Vector.MultiplyAddEstimate(factors, new Vector<float>(b[i..]), new Vector<float>(a[i..])).CopyTo(destination[i..]);
        for (; i < a.Length; i++)
            destination[i] = a[i] + factor * b[i];
    }

    /// <summary>destination = factor · a.</summary>
    public static void Scale(ReadOnlySpan<float> a, float factor, Span<float> destination)
    {
        for (int i = 0; i < a.Length; i++)
            destination[i] = factor * a[i];
    }

    /// <summary>The dot products of weights with each of four rows that lie one after another.</summary>
    public static (float, float, float, float) DotFourRows(ReadOnlySpan<float> weights, ReadOnlySpan<float> rows)
    {
        nuint length = (nuint)weights.Length, width = (nuint)Vector<float>.Count;
        ref float weight = ref MemoryMarshal.GetReference(weights), row = ref MemoryMarshal.GetReference(rows);
        Vector<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (nuint i = 0; i < length; i += width)
        {
            Vector<float> w = Vector.LoadUnsafe(ref weight, i);
            sum0 = Vector.MultiplyAddEstimate(w, Vector.LoadUnsafe(ref row, i), sum0);
            sum1 = Vector.MultiplyAddEstimate(w, Vector.LoadUnsafe(ref row, i + length), sum1);
            sum2 = Vector.MultiplyAddEstimate(w, Vector.LoadUnsafe(ref row, i + 2 * length), sum2);
            sum3 = Vector.MultiplyAddEstimate(w, Vector.LoadUnsafe(ref row, i + 3 * length), sum3);
        }
        return (Vector.Sum(sum0), Vector.Sum(sum1), Vector.Sum(sum2), Vector.Sum(sum3));
    }

    /// <summary>destination += the sum of four rows that lie one after another, each with its factor.</summary>
    public static void AddFourRows(Span<float> destination, ReadOnlySpan<float> rows, float factor0, float factor1, float factor2, float factor3)
    {
        nuint length = (nuint)destination.Length, width = (nuint)Vector<float>.Count;
        ref float target = ref MemoryMarshal.GetReference(destination), row = ref MemoryMarshal.GetReference(rows);
        Vector<float> f0 = new(factor0), f1 = new(factor1), f2 = new(factor2), f3 = new(factor3);
        for (nuint i = 0; i < length; i += width)
        {
            Vector<float> sum = Vector.LoadUnsafe(ref target, i);
            sum = Vector.MultiplyAddEstimate(f0, Vector.LoadUnsafe(ref row, i), sum);
            sum = Vector.MultiplyAddEstimate(f1, Vector.LoadUnsafe(ref row, i + length), sum);
            sum = Vector.MultiplyAddEstimate(f2, Vector.LoadUnsafe(ref row, i + 2 * length), sum);
            Vector.MultiplyAddEstimate(f3, Vector.LoadUnsafe(ref row, i + 3 * length), sum).StoreUnsafe(ref target, i);
        }
    }
}
