using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace CnnTrainers.Kernels;

/// <summary>The libtorch that TorchSharp has loaded, for functions that TorchSharp has no calls for.</summary>
internal static partial class LibTorch
{
    private const string Library = "LibTorchSharp"; // TorchSharp's own, which is linked to libtorch

    private static readonly Lazy<string?> _fault = new(Find);

    /// <summary>
    /// Whether libtorch can be used in this process. TorchSharp is not asked: where libtorch is missing it prints a page, and searches the
    /// package cache for it.
    /// </summary>
    public static bool IsThere => _fault.Value is null;

    /// <summary>Makes sure that it is there. To be called before TorchSharp is.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says why, and which package to add.</exception>
    public static void Require()
    {
        if (Fault is { } fault)
            throw new InvalidOperationException(fault);
    }

    /// <summary>Why it cannot be used, in one line; null where it can.</summary>
    public static string? Fault => _fault.Value is { } reason ? $"libtorch cannot be loaded: {reason}" : null;

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

    /// <summary>Makes one reason of the runtime's message, which lists every place where it looked.</summary>
    internal static string Reason(string message)
    {
        var file = OperatingSystem.IsWindows() ? $"{Library}.dll" : OperatingSystem.IsMacOS() ? $"lib{Library}.dylib" : $"lib{Library}.so";
        var cause = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Skip(1).FirstOrDefault(line => !Place().IsMatch(line)) ?? "";
        if (cause.Contains("GLIBCXX_"))
            return $"{file} asks for the libstdc++ of GCC 13 or newer, and this system's is older. Build the program on this system, which adapts the file, or install a newer libstdc++6.";
        if (cause.Contains("libstdc++"))
            return "this system has no libstdc++. Install it: apt-get install libstdc++6, or dnf install libstdc++.";
        if (cause.Contains("undefined symbol"))
            return $"its parts are of different versions ({cause}). Build the program again.";
        if (cause.Contains("cannot open shared object file: No such file"))
            return $"a part of it is missing ({cause}). Build the program again; a program of your own needs a reference to the package TorchSharp-cpu.";
        return cause.Length > 0 ? $"{cause}. Build the program again."
            : $"{file} is not in {AppContext.BaseDirectory}. Build the program again; a program of your own needs a reference to the package TorchSharp-cpu.";
    }

    // As TorchSharp looks for it: its own library comes last, as it is linked to the others.
    private static string? Find()
    {
        ThreadWaiting.MakePolite();
        var torchSharp = typeof(torch).Assembly;
        if (OperatingSystem.IsLinux())
            NativeLibrary.TryLoad("c10", torchSharp, null, out _); // else libtorch takes one from LD_LIBRARY_PATH where another libtorch is there
        if (!NativeLibrary.TryLoad("torch_cuda", torchSharp, null, out _))
            NativeLibrary.TryLoad("torch_cpu", torchSharp, null, out _);
        try
        {
            NativeLibrary.Load(Library, torchSharp, null);
            return null;
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException)
        {
            return Reason(fault.Message);
        }
    }

    [GeneratedRegex($@"{Library}(\.\w+)?: cannot open shared object file: No such file|{Library}(\.\w+)?' \(no such file\)")]
    private static partial Regex Place();
}
