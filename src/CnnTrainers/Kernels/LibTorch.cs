using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnTrainers.Kernels;

/// <summary>The libtorch that TorchSharp has loaded, for functions that TorchSharp has no calls for.</summary>
internal static class LibTorch
{
    private static readonly Lazy<bool> _isThere = new(Find);

    /// <summary>
    /// Whether libtorch can be used in this process. TorchSharp is not asked: where libtorch is missing it prints a page, and searches the
    /// package cache for it.
    /// </summary>
    public static bool IsThere => _isThere.Value;

    /// <summary>Makes sure that it is there.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says which package to add.</exception>
    public static void Require()
    {
        if (!IsThere)
            throw new InvalidOperationException(Missing);
    }

    /// <summary>What is said where it is not there.</summary>
    public const string Missing = "libtorch is not there, which this needs: add the package TorchSharp-cpu to the program, or TorchSharp-cuda-windows or TorchSharp-cuda-linux.";

    /// <summary>A function that one of its libraries exports; 0 where there is none.</summary>
    /// <param name="library"><c>torch_cpu</c> or <c>c10</c>.</param>
    /// <param name="itanium">The name that GCC and clang give it.</param>
    /// <param name="microsoft">The name that Microsoft's compiler gives it.</param>
    public static nint Function(string library, string itanium, string microsoft)
    {
        var handle = Handle(library);
        return handle != 0 && NativeLibrary.TryGetExport(handle, OperatingSystem.IsWindows() ? microsoft : itanium, out var function) ? function : 0;
    }

    /// <summary>The system's handle of one of its libraries; 0 where it cannot be found.</summary>
    public static nint Handle(string library)
    {
        torch.get_num_threads(); // TorchSharp has loaded libtorch after any call
        return NativeLibrary.TryLoad(library, typeof(torch).Assembly, null, out var handle) ? handle : 0;
    }

    // As TorchSharp looks for it: its own library comes last, as it is linked to the others.
    private static bool Find()
    {
        var torchSharp = typeof(torch).Assembly;
        if (!NativeLibrary.TryLoad("torch_cuda", torchSharp, null, out _))
            NativeLibrary.TryLoad("torch_cpu", torchSharp, null, out _);
        return NativeLibrary.TryLoad("LibTorchSharp", torchSharp, null, out _);
    }
}
