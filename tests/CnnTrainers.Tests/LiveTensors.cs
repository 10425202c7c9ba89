using TorchSharp;

namespace CnnTrainers.Tests;

/// <summary>How many tensors there are, for tests that none is left.</summary>
internal static class LiveTensors
{
    /// <summary>
    /// The count once those are gone that earlier tests left to the garbage collector, which else may take them at any moment. What the test
    /// itself leaves counts: compare with <see cref="torch.Tensor.TotalCount"/> in the end.
    /// </summary>
    public static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
