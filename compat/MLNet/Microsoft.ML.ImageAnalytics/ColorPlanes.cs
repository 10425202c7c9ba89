using System.Numerics;
using Microsoft.ML.Data;
using ColorBits = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits;
using ColorsOrder = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorsOrder;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Which colours a vector of pixels holds, in which order.</summary>
internal static class ColorPlanes
{
    internal static int Count(ColorBits colors) => BitOperations.PopCount((uint)(colors & ColorBits.All));

    /// <summary>For each plane of the vector the byte within a pixel of that format.</summary>
    internal static int[] Offsets(ColorBits colors, ColorsOrder order, MLPixelFormat format)
    {
        var offsets = new int[Count(colors)];
        int plane = 0;
        foreach (char letter in order.ToString()) // "ARGB": the names spell the order
        {
            if ((colors & BitOf(letter)) != 0) offsets[plane++] = OffsetOf(letter, format);
        }
        return offsets;
    }

    private static ColorBits BitOf(char letter) => letter switch
    {
        'A' => ColorBits.Alpha,
        'R' => ColorBits.Red,
        'G' => ColorBits.Green,
        _ => ColorBits.Blue,
    };

    private static int OffsetOf(char letter, MLPixelFormat format) => letter switch
    {
        'A' => 3,
        'G' => 1,
        'R' => format == MLPixelFormat.Bgra32 ? 2 : 0,
        _ => format == MLPixelFormat.Bgra32 ? 0 : 2,
    };
}
