namespace CnnTrainers.Kernels;

/// <summary>How libtorch computes on cards, in the whole process. TorchSharp has no calls for these settings; libtorch exports them.</summary>
internal static unsafe class CudaSettings
{
    private static readonly delegate* unmanaged<nint> _context = (delegate* unmanaged<nint>)LibTorch.Function(
        "torch_cpu", "_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ");

    private static readonly delegate* unmanaged<nint, byte, void> _setSearch = (delegate* unmanaged<nint, byte, void>)LibTorch.Function(
        "torch_cpu", "_ZN2at7Context17setBenchmarkCuDNNEb", "?setBenchmarkCuDNN@Context@at@@QEAAX_N@Z");

    private static readonly delegate* unmanaged<nint, byte, void> _setDeterministic = (delegate* unmanaged<nint, byte, void>)LibTorch.Function(
        "torch_cpu", "_ZN2at7Context21setDeterministicCuDNNEb", "?setDeterministicCuDNN@Context@at@@QEAAX_N@Z");

    /// <summary>Sets them.</summary>
    /// <param name="search">Whether cuDNN tries its ways to compute each convolution once and keeps the fastest: some seconds, up to half a minute.</param>
    /// <param name="deterministic">Whether it takes those alone whose sums are always in one order, so that equal fits give equal weights.</param>
    /// <returns>Whether libtorch has the settings.</returns>
    public static bool Set(bool search, bool deterministic)
    {
        if (_context == null || _setSearch == null || _setDeterministic == null)
            return false;
        _setSearch(_context(), search ? (byte)1 : (byte)0);
        _setDeterministic(_context(), deterministic ? (byte)1 : (byte)0);
        return true;
    }
}
