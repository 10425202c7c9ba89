using System.Runtime.InteropServices;

namespace CnnTrainers.Kernels;

/// <summary>The environment as native libraries see it: .NET's own is a copy.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable; by default only where it is not set. Not for Windows.</summary>
    public static void Set(string name, string value, bool overwrite = false) => setenv(name, value, overwrite ? 1 : 0);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
