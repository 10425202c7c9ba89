using System.Runtime.InteropServices;

namespace CnnTrainers.Kernels;

/// <summary>The part of <c>native/cnnkernels.h</c> that scores, on plain memory.</summary>
internal static unsafe partial class NativeScoring
{
    /// <summary>What a convolution sees and gives.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Convolution
    {
        public long Height, Width, Inputs, OutHeight, OutWidth, Outputs;
        public long KernelDown, KernelAcross, StrideDown, StrideAcross, PaddingDown, PaddingAcross;
        public long Groups;
        public int Activation, Wide;
    }

    /// <summary>What a pool sees and gives.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Pool
    {
        public long Height, Width, Channels, OutHeight, OutWidth;
        public long KernelDown, KernelAcross, StrideDown, StrideAcross, PaddingDown, PaddingAcross;
        public long Kind;
    }

    /// <summary>A pool's kind beside those of the graph: as many parts as the output has pixels.</summary>
    public const int Adaptive = 3;

    [LibraryImport(Native.Library)]
    public static partial int cnn_score_convolution(
        in Convolution shape, int bfloat16, float* weights, float* bias, float* scale, float* shift, out nint convolution);

    [LibraryImport(Native.Library)]
    public static partial int cnn_score_convolve(nint convolution, long images, nint x, long xPixel, nint other, long otherPixel, nint y, long yPixel);

    [LibraryImport(Native.Library)]
    public static partial void cnn_score_convolution_delete(nint convolution);

    [LibraryImport(Native.Library)]
    public static partial int cnn_score_pool(
        in Pool pool, int bfloat16, long images, nint x, long xPixel, float* scale, float* shift, nint y, long yPixel);

    [LibraryImport(Native.Library)]
    public static partial int cnn_score_affine(
        int bfloat16, long pixels, long channels, nint x, long xPixel, float* scale, float* shift, nint other, long otherPixel, int activation, int wide,
        nint y, long yPixel);

    [LibraryImport(Native.Library)]
    public static partial int cnn_score_multiply(
        int bfloat16, long images, long pixels, long channels, nint x, long xPixel, nint by, long byPixel, int same, nint y, long yPixel);

    [LibraryImport(Native.Library)]
    public static partial int cnn_score_shuffle(int bfloat16, long pixels, long channels, long groups, nint x, long xPixel, nint y, long yPixel);

    [LibraryImport(Native.Library)]
    public static partial int cnn_score_input(
        int bfloat16, long images, long pixels, long channels, float* planes, float* mean, float* factor, nint y, long yPixel);

    [LibraryImport(Native.Library)]
    public static partial void cnn_score_alone(int alone);

    [LibraryImport(Native.Library)]
    public static partial nint cnn_score_memory(long bytes);

    [LibraryImport(Native.Library)]
    public static partial void cnn_score_memory_free(nint memory);

    [LibraryImport(Native.Library)]
    public static partial long cnn_score_cache();
}
