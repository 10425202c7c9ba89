using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CnnTrainers.Kernels;

/// <summary>Keeps a tensor alive, whoever disposes it, by a second handle of libtorch's C interface.</summary>
internal sealed partial class TensorHold : IDisposable
{
    private nint _handle;

    public TensorHold(Tensor tensor)
    {
        if (NewHandle(tensor.Handle, out _handle) != 0)
            throw new ExternalException("libtorch gave no second handle of a tensor.");
        GC.KeepAlive(tensor);
    }

    /// <summary>Where libtorch's tensor lies, which is the same for all handles of it.</summary>
    public static unsafe nint AddressOf(Tensor tensor)
    {
        var address = *(nint*)tensor.Handle; // a handle is a pointer to libtorch's smart pointer
        GC.KeepAlive(tensor);
        return address;
    }

    public void Dispose()
    {
        if (_handle != 0)
            _ = DeleteHandle(_handle);
        _handle = 0;
    }

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_new_tensor_handle")]
    private static partial int NewHandle(nint tensor, out nint copy);

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_delete_tensor_object")]
    private static partial int DeleteHandle(nint tensor);
}
