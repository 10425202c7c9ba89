using CnnTrainers.Kernels;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Kernels;

/// <summary>Tests of the native kernels, which change the instruction set of the whole process.</summary>
[CollectionDefinition(nameof(KernelFacts), DisableParallelization = true)]
public class KernelCollection;

/// <summary>What tests of the native kernels share.</summary>
internal static class KernelFacts
{
    /// <summary>The instruction sets that this machine has, by their numbers; none without the native library.</summary>
    public static IEnumerable<int> InstructionSets => KernelLibrary.IsThere ? Enumerable.Range(0, Native.cnn_best_instructions() + 1) : [-1];

    /// <summary>Each of some cases in float32 and in bfloat16, by each instruction set.</summary>
    public static TheoryData<T, bool, int> InEachWay<T>(IEnumerable<T> cases) =>
        new(from one in cases from half in (bool[])[false, true] from set in InstructionSets select (one, half, set));

    /// <summary>Puts the kernels in place, with the loops of one instruction set, or of the best, until the result is disposed.</summary>
    public static IDisposable Use(int? set = null)
    {
        Assert.SkipUnless(KernelLibrary.Install(), KernelLibrary.State);
        Assert.Equal(1, Native.cnn_use_instructions(set ?? Native.cnn_best_instructions()));
        return new Best();
    }

    /// <summary>Numbers between -1 and 1, stored with the channels last.</summary>
    public static Tensor Images(long[] shape, int seed, ScalarType type = ScalarType.Float32)
    {
        using var generator = new Generator((ulong)seed);
        return Architectures.BlockSteps.ChannelsLast(rand(shape, generator: generator) * 2 - 1).to(type);
    }

    private sealed class Best : IDisposable
    {
        public void Dispose() => Native.cnn_use_instructions(Native.cnn_best_instructions());
    }
}
