using TorchSharp;

namespace CnnTrainers.Tests;

/// <summary>How many tensors there are, for tests that none is left.</summary>
internal static class LiveTensors
{
    /// <summary>
    /// The count once those are gone that earlier tests left to the garbage collector, which else may take them at any moment. What the test
    /// itself leaves counts.
    /// </summary>
    public static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    /// <summary>
    /// That there are as many as before. TorchSharp counts a parameter's tensor twice when the parameter is made and once when it ends, so its
    /// count is too high by one for every parameter that there ever was; its dispose scopes count rightly, but each thread for itself.
    /// </summary>
    /// <param name="before">What <see cref="Settled"/> gave.</param>
    /// <param name="parametersMade">The parameters of all networks made since then.</param>
    public static void AssertNoneSince(long before, int parametersMade) => Assert.Equal(before + parametersMade, torch.Tensor.TotalCount);
}
