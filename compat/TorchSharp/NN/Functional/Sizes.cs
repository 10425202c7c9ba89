namespace TorchSharp;

/// <summary>Kernel sizes, strides and paddings as libtorch takes them: one number a dimension.</summary>
internal static class Sizes
{
    internal static long[] Of((long, long) pair) => [pair.Item1, pair.Item2];

    internal static long[] Of((long, long, long) triple) => [triple.Item1, triple.Item2, triple.Item3];

    internal static long[] Of((long, long)? pair) => pair is { } p ? [p.Item1, p.Item2] : null;

    internal static long[] Of((long, long, long)? triple) => triple is { } t ? [t.Item1, t.Item2, t.Item3] : null;

    internal static long[] Of(long? size, int dimensions = 1) => size is { } s ? Repeat(s, dimensions) : null;

    internal static long[] Repeat(long size, int dimensions)
    {
        var sizes = new long[dimensions];
        Array.Fill(sizes, size);
        return sizes;
    }

    /// <summary>An absent stride is the kernel's size to libtorch when it comes as an empty list.</summary>
    internal static long[] OrEmpty(long[] sizes) => sizes ?? [];

    internal static long[] OrZeros(long[] sizes) => sizes ?? [0];

    internal static long[] OrOnes(long[] sizes) => sizes ?? [1];
}
