using System.Runtime.InteropServices;

namespace CnnTrainers.Kernels;

/// <summary>
/// The memory of tensors. libtorch allocates every activation anew, and the system takes blocks of that size from the kernel and gives them
/// back: each step touches the same pages for the first time again. Our allocator keeps them; where it cannot be had, glibc is told to.
/// </summary>
internal static partial class TensorMemory
{
    // Of glibc's malloc.h.
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3;
    private static int _installed;

    /// <summary>Takes effect for what is allocated from then on, for the life of the process. <c>CNN_MEMORY=off</c>: nothing happens.</summary>
    public static void Install()
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CNN_MEMORY"), "off", StringComparison.OrdinalIgnoreCase) || Interlocked.Exchange(ref _installed, 1) != 0)
            return;
        var setAllocator = KernelLibrary.IsThere ? LibTorch.Function("c10", "_ZN3c1015SetCPUAllocatorEPNS_9AllocatorEh", "") : 0;
        if (setAllocator != 0)
            Native.cnn_memory_install(setAllocator);
        else if (OperatingSystem.IsLinux())
            KeepFreedMemory();
    }

    /// <summary>Gives the system back what was freed and glibc has kept: for a process that goes on after much was freed.</summary>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc, which has its own ways.
        }
    }

    private static void KeepFreedMemory()
    {
        try
        {
            mallopt(MmapThreshold, 1 << 30);
            mallopt(TrimThreshold, 1 << 30);
            mallopt(TopPad, 64 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc, which has its own ways.
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
