using System.Runtime.InteropServices;

namespace CnnTrainers.Kernels;

/// <summary>The C interface of <c>native/</c>, as <c>native/cnnkernels.h</c> describes it. Tensors are libtorch's handles.</summary>
internal static unsafe partial class Native
{
    public const string Library = "cnnkernels";

    /// <summary>The version of the interface that this file is written for.</summary>
    public const int Interface = 4;

    /// <summary>A norm's parameters: tensors, the averages and the count of batches null where there are none.</summary>
    public struct Norm
    {
        public nint Weight, Bias, Mean, Variance, Batches;
        public double Momentum, Epsilon;
    }

    [LibraryImport(Library)]
    public static partial int cnn_interface();

    [LibraryImport(Library)]
    public static partial nint cnn_error();

    [LibraryImport(Library)]
    public static partial int cnn_load(nint torchCpu);

    [LibraryImport(Library)]
    public static partial int cnn_best_instructions();

    [LibraryImport(Library)]
    public static partial int cnn_use_instructions(int set);

    [LibraryImport(Library)]
    public static partial int cnn_convolutions_install();

    [LibraryImport(Library)]
    public static partial void cnn_convolutions_count(out long forward, out long backward);

    [LibraryImport(Library)]
    public static partial void cnn_memory_install(nint setAllocator);

    [LibraryImport(Library)]
    public static partial int cnn_norm_suits(nint x, in Norm norm, nint other, long* window);

    [LibraryImport(Library)]
    public static partial int cnn_norm(nint x, in Norm norm, int relu, double* means, double* variances, out nint y, out nint statistics);

    [LibraryImport(Library)]
    public static partial int cnn_norm_backward(
        nint g, nint other, nint x, nint weight, nint bias, nint statistics, int relu, nint* dx, out nint dweight, out nint dbias);

    [LibraryImport(Library)]
    public static partial int cnn_norm_relu_convolution_suits(nint x, in Norm norm, nint filter);

    [LibraryImport(Library)]
    public static partial int cnn_norm_relu_convolution(nint x, in Norm norm, double* means, double* variances, nint filter, out nint y, out nint statistics);

    [LibraryImport(Library)]
    public static partial int cnn_norm_relu_convolution_backward(
        nint g, nint other, nint x, nint weight, nint bias, nint statistics, nint filter, nint* dx, out nint dweight, out nint dbias, nint* dfilter);

    [LibraryImport(Library)]
    public static partial int cnn_norm_add_relu(nint x, nint other, in Norm norm, out nint y, out nint statistics);

    [LibraryImport(Library)]
    public static partial int cnn_norm_add_relu_backward(
        nint g, nint more, nint x, nint y, nint weight, nint statistics, nint* dx, out nint dother, out nint dweight, out nint dbias);

    [LibraryImport(Library)]
    public static partial int cnn_norm_relu_pool(nint x, in Norm norm, long* window, out nint y, out nint largest, out nint places, out nint statistics);

    [LibraryImport(Library)]
    public static partial int cnn_norm_relu_pool_backward(
        nint g, nint x, nint largest, nint places, nint weight, nint statistics, long* window, nint* dx, out nint dweight, out nint dbias);

    [LibraryImport(Library)]
    public static partial int cnn_relu_pool_suits(nint x, long* window);

    [LibraryImport(Library)]
    public static partial int cnn_relu_pool(nint x, long* window, out nint y, out nint places);

    [LibraryImport(Library)]
    public static partial int cnn_relu_pool_backward(nint g, nint places, long* size, long* window, out nint dx);

    [LibraryImport(Library)]
    public static partial int cnn_append_suits(nint x, nint more, long width);

    [LibraryImport(Library)]
    public static partial int cnn_append(nint x, nint more, long width, int continued, int known, double* means, double* variances, out nint result);

    [LibraryImport(Library)]
    public static partial int cnn_same(nint x, out nint result);

    [LibraryImport(Library)]
    public static partial int cnn_sgd(nint parameter, nint gradient, nint momentum, double rate, double factor, int nesterov, double decay);

    [LibraryImport(Library)]
    public static partial int cnn_adamw(
        nint parameter, nint gradient, nint mean, nint square, double beta1, double beta2, double epsilon, double keep, double correctedRate, double rootFactor);

    /// <summary>Throws where a function has failed.</summary>
    /// <exception cref="InvalidOperationException">It has.</exception>
    public static void Check(int done)
    {
        if (done == 0)
            throw new InvalidOperationException($"The native kernels failed: {Marshal.PtrToStringUTF8(cnn_error())}.");
    }
}
