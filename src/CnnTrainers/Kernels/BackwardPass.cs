using CnnTrainers.Devices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CnnTrainers.Kernels;

/// <summary>The backward pass of a step, through fused functions or not. What they need to know of it holds for the thread it runs on.</summary>
internal static class BackwardPass
{
    [ThreadStatic]
    private static bool _isOnlyOne;

    [ThreadStatic]
    private static Exception? _failure;

    [ThreadStatic]
    private static List<Tensor>? _handedOver;

    /// <summary>Whether the graph is used once, so that functions may let go what they have kept.</summary>
    public static bool IsOnlyOne => _isOnlyOne;

    /// <summary>Adds the gradients of a value to those of the parameters. Its graph is gone afterwards.</summary>
    /// <param name="value">One number.</param>
    /// <exception cref="InvalidOperationException">A fused function failed.</exception>
    public static void Run(Tensor value)
    {
        (_isOnlyOne, _failure) = (true, null);
        try
        {
            value.backward();
        }
        catch (ExternalException) when (_failure is not null)
        {
            throw new InvalidOperationException($"The gradients could not be computed: {_failure.Message}", _failure);
        }
        finally
        {
            (_isOnlyOne, _failure) = (false, null);
            FreeHandedOver();
            Fused.ForgetSum();
        }
    }

    /// <summary>
    /// Gradients that a function gives to libtorch, which takes references of its own: ours would hold the memory until the pass ends. They
    /// are let go when the next function begins, or with the pass.
    /// </summary>
    public static void HandOver(IEnumerable<Tensor?> gradients) => (_handedOver ??= []).AddRange(gradients.OfType<Tensor>());

    /// <summary>Lets those go that have been handed over.</summary>
    public static void FreeHandedOver()
    {
        _handedOver?.ForEach(gradient => gradient.Dispose());
        _handedOver?.Clear();
    }

    /// <summary>
    /// Makes a gradient that of a parameter, where there is none yet. Given back to libtorch it would be copied, because its function holds it too.
    /// </summary>
    public static bool TryGive(Tensor gradient, Tensor parameter)
    {
        if (!IsOnlyOne || !parameter.is_leaf)
            return false;
        using (var sum = parameter.grad)
        {
            if (sum is not null)
                return false;
        }
        parameter.grad = gradient;
        return true;
    }

    /// <summary>
    /// How a failure leaves a backward of C#, through which no exception passes: gradients that are of no input's shape, which libtorch
    /// refuses with an error of its own. <see cref="Run"/> turns it into the failure again.
    /// </summary>
    /// <param name="failure">What happened.</param>
    public static Tensor Refused(Exception failure)
    {
        _failure = failure;
        return ComputeDevice.Cpu.Empty([0, 0], ScalarType.Float32);
    }
}
