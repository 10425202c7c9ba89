using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace CnnTrainers.Compat;

/// <summary>Finds and loads the native library (compat/native) for the assemblies of compat/ that call it.</summary>
internal static class NativeLibraryFile
{
    /// <summary>The name that DllImport declarations use.</summary>
    public const string Name = "cnntorch";

    /// <summary>The interface version; equals CNNTORCH_VERSION in compat/native/cnntorch.h.</summary>
    public const int Version = 1;

    private const string FileName = "libcnntorch.so";

    [ModuleInitializer]
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraryFile).Assembly, (name, _, _) => name == Name ? Load() : 0);

    private static nint Load()
    {
        // Debian's OpenBLAS 0.3.21 falls back to AVX2 kernels on processors that it does not know. Where it knows them, these
        // kernels are as fast. Convolutions go through oneDNN and do not depend on it. Read when libtorch loads.
        if (Avx512F.IsSupported) setenv("OPENBLAS_CORETYPE", "SKYLAKEX", overwrite: 0);
        // Between two parallel loops libtorch's threads wait by spinning, for milliseconds: where another program wants the processor, each
        // takes it from the other, and a step takes ten times as long. This many turns, some 50 µs, last until the next loop of a step.
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null) setenv("GOMP_SPINCOUNT", "4000", overwrite: 0);
        string path = Find() ?? throw new DllNotFoundException(
            $"{FileName} was not found beside the program nor in artifacts/native of a folder above it. " +
            "It is built by: ./cnn setup (needs libtorch-dev, libopencv-imgcodecs-dev, libopencv-imgproc-dev, libjpeg-dev, libpng-dev, cmake and g++).");
        nint library = NativeLibrary.Load(path);
        int version = Marshal.GetDelegateForFunctionPointer<VersionFunction>(NativeLibrary.GetExport(library, "cnntorch_version"))();
        if (version != Version)
            throw new DllNotFoundException($"{path} has interface version {version}, this build needs {Version}. Build it again: ./cnn setup");
        return library;
    }

    private static string Find()
    {
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, FileName))) return Path.Combine(AppContext.BaseDirectory, FileName);
        for (DirectoryInfo folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "artifacts", "native", FileName);
            if (File.Exists(path)) return path;
        }
        return null;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionFunction();

    [DllImport("libc", CallingConvention = CallingConvention.Cdecl)]
    private static extern int setenv(string name, string value, int overwrite);
}
