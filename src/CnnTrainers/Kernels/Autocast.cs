using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Kernels;

/// <summary>
/// libtorch's autocast. TorchSharp has no call for it; libtorch exports it as C++ functions of plain arguments, so that only their names differ
/// between compilers. It holds for the thread that switches it on.
/// </summary>
internal static unsafe class Autocast
{
    private static readonly delegate* unmanaged<sbyte, byte, void> _setEnabled = (delegate* unmanaged<sbyte, byte, void>)LibTorch.Function(
        "torch_cpu", "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb", "?set_autocast_enabled@autocast@at@@YAXW4DeviceType@c10@@_N@Z");

    private static readonly delegate* unmanaged<sbyte, sbyte, void> _setType = (delegate* unmanaged<sbyte, sbyte, void>)LibTorch.Function(
        "torch_cpu", "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE", "?set_autocast_dtype@autocast@at@@YAXW4DeviceType@c10@@W4ScalarType@4@@Z");

    private static readonly delegate* unmanaged<void> _clearCache = (delegate* unmanaged<void>)LibTorch.Function(
        "torch_cpu", "_ZN2at8autocast11clear_cacheEv", "?clear_cache@autocast@at@@YAXXZ");

    /// <summary>Whether the libtorch that is loaded exports it.</summary>
    public static bool IsAvailable => _setEnabled != null && _setType != null && _clearCache != null;

    /// <summary>Whether it is on in this thread, by <see cref="Switch"/>.</summary>
    [field: ThreadStatic]
    public static bool IsOn { get; private set; }

    /// <summary>Switches it for this thread. Off, the weights that it has cast are let go.</summary>
    /// <param name="on">Whether products and convolutions are computed in another type from now on.</param>
    /// <param name="device">On what: the processor or CUDA.</param>
    /// <param name="type">In which.</param>
    public static void Switch(bool on, DeviceType device = DeviceType.CPU, ScalarType type = ScalarType.BFloat16)
    {
        if (on)
            _setType((sbyte)device, (sbyte)type);
        _setEnabled((sbyte)device, on ? (byte)1 : (byte)0);
        IsOn = on;
        if (!on)
            _clearCache();
    }
}
