using static TorchSharp.torch;

namespace CnnTrainers.Kernels;

/// <summary>Optimizer steps that touch each number once. False where a tensor is not as the loops take it: nothing has been done.</summary>
internal static class OptimizerKernels
{
    /// <summary>PyTorch's SGD.</summary>
    public static bool Sgd(Tensor parameter, Tensor gradient, Tensor? momentum, double rate, double factor, bool nesterov, double decay) =>
        KernelLibrary.IsInstalled && Done(
            Native.cnn_sgd(parameter.Handle, gradient.Handle, momentum?.Handle ?? 0, rate, factor, nesterov ? 1 : 0, decay), parameter, gradient, momentum);

    /// <summary>PyTorch's AdamW, its step number <paramref name="count"/>.</summary>
    public static bool AdamW(
        Tensor parameter, Tensor gradient, Tensor mean, Tensor square, double rate, double beta1, double beta2, double epsilon, double decay, long count) =>
        KernelLibrary.IsInstalled && Done(
            Native.cnn_adamw(
                parameter.Handle, gradient.Handle, mean.Handle, square.Handle, beta1, beta2, epsilon, 1 - rate * decay, rate / (1 - Math.Pow(beta1, count)),
                1 / Math.Sqrt(1 - Math.Pow(beta2, count))),
            parameter, gradient, mean, square);

    private static bool Done(int code, params ReadOnlySpan<Tensor?> used)
    {
        foreach (var tensor in used)
            GC.KeepAlive(tensor);
        Native.Check(code);
        return code > 0;
    }
}
