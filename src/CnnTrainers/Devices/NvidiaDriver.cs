using System.Runtime.InteropServices;

namespace CnnTrainers.Devices;

/// <summary>What NVIDIA's driver says of the machine's cards. It comes with the driver, not with CUDA, and needs no card to be asked.</summary>
internal static unsafe class NvidiaDriver
{
    private const int ComputeMajor = 75, ComputeMinor = 76; // CUdevice_attribute

    private static readonly Lazy<(IReadOnlyList<CudaCard> Cards, Version? Cuda)> _found = new(Find);

    /// <summary>The cards that this process may use; none without a driver.</summary>
    public static IReadOnlyList<CudaCard> Cards => _found.Value.Cards;

    /// <summary>The newest CUDA that the driver can run; null without a driver.</summary>
    public static Version? Cuda => _found.Value.Cuda;

    private static (IReadOnlyList<CudaCard>, Version?) Find()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out var library))
            return ([], null);
        int version, count;
        if (Call("cuDriverGetVersion", &version) != 0)
            return ([], null);
        var cuda = new Version(version / 1000, version % 1000 / 10);
        var init = (delegate* unmanaged<uint, int>)Function("cuInit");
        if (init == null || init(0) != 0 || Call("cuDeviceGetCount", &count) != 0)
            return ([], cuda);
        return ([.. Enumerable.Range(0, count).Select(Card)], cuda);

        nint Function(string name) => NativeLibrary.TryGetExport(library, name, out var function) ? function : 0;

        int Call(string name, int* result)
        {
            var function = (delegate* unmanaged<int*, int>)Function(name);
            return function == null ? -1 : function(result);
        }

        CudaCard Card(int index)
        {
            const int longest = 256;
            int device, major = 0, minor = 0;
            nuint bytes = 0;
            var name = stackalloc byte[longest];
            ((delegate* unmanaged<int*, int, int>)Function("cuDeviceGet"))(&device, index);
            ((delegate* unmanaged<byte*, int, int, int>)Function("cuDeviceGetName"))(name, longest, device);
            ((delegate* unmanaged<nuint*, int, int>)Function("cuDeviceTotalMem_v2"))(&bytes, device);
            var attribute = (delegate* unmanaged<int*, int, int, int>)Function("cuDeviceGetAttribute");
            attribute(&major, ComputeMajor, device);
            attribute(&minor, ComputeMinor, device);
            return new(index, Marshal.PtrToStringUTF8((nint)name) ?? "", (long)bytes, new(major, minor));
        }
    }
}
