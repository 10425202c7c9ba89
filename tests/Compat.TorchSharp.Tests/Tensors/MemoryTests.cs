using System.Runtime.InteropServices;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Compat.TorchSharp.Tests.Tensors;

/// <summary>The memory of large tensors (compat/native/memory.cpp), which is kept when they are freed.</summary>
public class MemoryTests
{
    private const long Megabyte = 1 << 20;

    public MemoryTests()
    {
        GC.Collect(); // what earlier tests left to the collector is not to be given back in the middle of one of these
        GC.WaitForPendingFinalizers();
    }

    private delegate void Statistics(out long inUse, out long peak, out long kept);

    private delegate void Trim();

    [Fact]
    public void FreedMemoryIsKeptUsedAgainAndGivenBackOnDemand()
    {
        var (before, _, _) = Now();
        using (var large = zeros(64 * Megabyte / 4, ScalarType.Float32))
            Assert.Equal(before + 64 * Megabyte, Now().InUse);
        var (after, peak, kept) = Now();
        Assert.Equal(before, after);
        Assert.True(peak >= before + 64 * Megabyte);
        Assert.True(kept >= 64 * Megabyte);

        using var survivor = full([Megabyte], 7, ScalarType.Float32);
        Assert.Equal(kept - 4 * Megabyte, Now().Kept);
        Export<Trim>("cnntorch_memory_trim")();
        Assert.Equal(0, Now().Kept);
        Assert.Equal(7f * Megabyte, survivor.sum().item<float>());
    }

    [Fact]
    public void SmallTensorsAreNotAmongThem()
    {
        var before = Now();
        using var small = zeros(1000, ScalarType.Float32);
        Assert.Equal(before.InUse, Now().InUse);
    }

    [Fact]
    public void ThreadsThatTakeAndGiveBackAtOnceKeepTheirValues()
    {
        var before = Now().InUse;
        Parallel.For(0, 8, thread =>
        {
            var (random, held) = (new Random(thread), new Queue<(Tensor Tensor, int Value)>());
            for (var round = 0; round < 200; round++)
            {
                held.Enqueue((full([random.Next(1000, 400_000)], round, ScalarType.Int32), round));
                if (held.Count < 6 && round < 199)
                    continue;
                var (tensor, value) = held.Dequeue();
                Assert.True(IsAll(tensor, value));
                tensor.Dispose();
            }
            foreach (var (tensor, value) in held)
            {
                Assert.True(IsAll(tensor, value));
                tensor.Dispose();
            }
        });
        Assert.Equal(before, Now().InUse);
    }

    private static bool IsAll(Tensor tensor, int value)
    {
        using var equal = tensor.eq(value);
        using var all = equal.all();
        return all.item<bool>();
    }

    private static (long InUse, long Peak, long Kept) Now()
    {
        Export<Statistics>("cnntorch_memory")(out var inUse, out var peak, out var kept);
        return (inUse, peak, kept);
    }

    private static T Export<T>(string name) where T : Delegate
    {
        get_num_threads(); // loads the library
        return Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(NativeLibrary.Load("libcnntorch.so"), name));
    }
}
