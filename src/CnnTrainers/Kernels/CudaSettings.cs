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

    /// <summary>
    /// Lets cuDNN try its ways to compute each convolution once and keep the fastest, which pays where shapes stay; or makes it take those whose
    /// sums are always in one order, so that equal fits give equal weights.
    /// </summary>
    /// <returns>Whether libtorch has the settings.</returns>
    public static bool Set(bool deterministic)
    {
        if (_context == null || _setSearch == null || _setDeterministic == null)
            return false;
        _setSearch(_context(), deterministic ? (byte)0 : (byte)1);
        _setDeterministic(_context(), deterministic ? (byte)1 : (byte)0);
        return true;
    }
}
