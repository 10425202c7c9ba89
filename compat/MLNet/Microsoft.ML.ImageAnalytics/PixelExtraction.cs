using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Pixels of four bytes to planes or interleaved values; offsets say which byte each plane takes.</summary>
internal static class PixelExtraction
{
    internal static void Planar(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> offsets, float offset, float scale, Span<float> target)
    {
        int count = pixels.Length / 4;
        for (int plane = 0; plane < offsets.Length; plane++)
            Plane(MemoryMarshal.Cast<byte, uint>(pixels), 8 * offsets[plane], offset, scale, target.Slice(plane * count, count));
    }

    // A pixel is one little-endian number: its bytes come out by shifting.
    private static void Plane(ReadOnlySpan<uint> pixels, int shift, float offset, float scale, Span<float> target)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<uint> low = Vector256.Create(0xFFu);
            Vector256<float> offsets = Vector256.Create(offset), scales = Vector256.Create(scale);
            ref uint source = ref MemoryMarshal.GetReference(pixels);
            ref float values = ref MemoryMarshal.GetReference(target);
            for (; i <= pixels.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
            {
                Vector256<uint> bytes = (Vector256.LoadUnsafe(ref source, (nuint)i) >>> shift) & low;
                ((Vector256.ConvertToSingle(bytes.AsInt32()) - offsets) * scales).StoreUnsafe(ref values, (nuint)i);
            }
        }
        for (; i < pixels.Length; i++) target[i] = ((byte)(pixels[i] >> shift) - offset) * scale;
    }

    internal static void Planar(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> offsets, Span<byte> target)
    {
        int count = pixels.Length / 4;
        for (int plane = 0; plane < offsets.Length; plane++)
        {
            Span<byte> values = target.Slice(plane * count, count);
            for (int i = 0, from = offsets[plane]; i < values.Length; i++, from += 4) values[i] = pixels[from];
        }
    }

    internal static void Interleaved(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> offsets, float offset, float scale, Span<float> target)
    {
        for (int pixel = 0, to = 0; pixel < pixels.Length; pixel += 4)
            foreach (int from in offsets)
                target[to++] = (pixels[pixel + from] - offset) * scale;
    }

    internal static void Interleaved(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> offsets, Span<byte> target)
    {
        for (int pixel = 0, to = 0; pixel < pixels.Length; pixel += 4)
            foreach (int from in offsets)
                target[to++] = pixels[pixel + from];
    }
}
