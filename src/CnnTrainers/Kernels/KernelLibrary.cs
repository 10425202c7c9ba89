using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnTrainers.Kernels;

/// <summary>
/// The library of <c>native/</c> in this process. It is put in place by the first fit, never by a reference alone: then
/// convolutions of the whole process on the CPU are computed by it where they gain, and its allocator has libtorch's memory.
/// <c>CNN_KERNELS=off</c> in the environment leaves everything to libtorch; <c>CNN_MEMORY=off</c> the memory alone.
/// </summary>
internal static class KernelLibrary
{
    private static readonly Lock _gate = new();
    private static readonly Lazy<(bool Ready, string State)> _found = new(Find);
    private static bool _installed;

    /// <summary>Whether the library is there and fits the libtorch that is loaded. It may not have been installed.</summary>
    public static bool IsThere => _found.Value.Ready;

    /// <summary>Whether it is in use.</summary>
    public static bool IsInstalled => _installed && !_suspended;

    /// <summary>What is there, or what is missing and what that costs, in one line.</summary>
    public static string State => _found.Value.State;

    [ThreadStatic]
    private static bool _suspended;

    /// <summary>Puts it in place, once in the life of the process.</summary>
    /// <returns>Whether it is in place.</returns>
    public static bool Install()
    {
        if (_installed || !IsThere)
            return _installed;
        lock (_gate)
        {
            if (_installed)
                return true;
            TensorMemory.Install();
            Native.Check(Native.cnn_convolutions_install());
            return _installed = true;
        }
    }

    /// <summary>As <see cref="Install()"/>; where the library is not there, its cheap stand-in for the memory, and one line for the log.</summary>
    public static void Install(Action<string> log)
    {
        if (Install())
            return;
        if (!IsOff)
            TensorMemory.Install();
        log($"Kernels: {State}.");
    }

    /// <summary>For tests: this thread's fused steps are left to libtorch until the result is disposed.</summary>
    internal static IDisposable Suspend() => new Suspension();

    private static bool IsOff => string.Equals(Environment.GetEnvironmentVariable("CNN_KERNELS"), "off", StringComparison.OrdinalIgnoreCase);

    private static (bool, string) Find()
    {
        if (IsOff)
            return (false, "off, as CNN_KERNELS says; libtorch computes alone");
        if (!NativeLibrary.TryLoad(Native.Library, typeof(KernelLibrary).Assembly, null, out _))
        {
            return (false, OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
                ? "not there (libcnnkernels.so is built where g++ or clang++ is on PATH); training on the CPU takes two to four times as long"
                : $"none for {RuntimeInformation.RuntimeIdentifier}; libtorch computes alone");
        }
        if (Native.cnn_interface() != Native.Interface)
            return (false, $"libcnnkernels.so is of another version ({Native.cnn_interface()}, expected {Native.Interface}) and is not used; build again");
        if (Native.cnn_load(LibTorch.Handle("torch_cpu")) == 0)
            return (false, "written for libtorch 2.10, and the one that is loaded is another; libtorch computes alone");
        string[] sets = ["plain loops", "AVX2", "AVX-512", "AVX-512 with bfloat16"];
        return (true, sets[Native.cnn_best_instructions()]);
    }

    private sealed class Suspension : IDisposable
    {
        public Suspension() => _suspended = true;

        public void Dispose() => _suspended = false;
    }
}
