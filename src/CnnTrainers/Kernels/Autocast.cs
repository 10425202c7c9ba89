namespace CnnTrainers.Kernels;

/// <summary>
/// libtorch's autocast on the CPU, whose type is bfloat16 there. TorchSharp has no call for it; libtorch exports it as C++ functions of plain
/// arguments, so that only their names differ between compilers. It holds for the thread that switches it on.
/// </summary>
internal static unsafe class Autocast
{
    private const sbyte Cpu = 0; // c10::DeviceType

    private static readonly delegate* unmanaged<sbyte, byte, void> _setEnabled = (delegate* unmanaged<sbyte, byte, void>)LibTorch.Function(
        "torch_cpu", "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb", "?set_autocast_enabled@autocast@at@@YAXW4DeviceType@c10@@_N@Z");

    private static readonly delegate* unmanaged<void> _clearCache = (delegate* unmanaged<void>)LibTorch.Function(
        "torch_cpu", "_ZN2at8autocast11clear_cacheEv", "?clear_cache@autocast@at@@YAXXZ");

    /// <summary>Whether the libtorch that is loaded exports it.</summary>
    public static bool IsAvailable => _setEnabled != null && _clearCache != null;

    /// <summary>Whether it is on in this thread, by <see cref="Switch"/>.</summary>
    [field: ThreadStatic]
    public static bool IsOn { get; private set; }

    /// <summary>Switches it for this thread. Off, the weights that it has cast are let go.</summary>
    /// <param name="on">Whether products and convolutions are computed in bfloat16 from now on.</param>
    public static void Switch(bool on)
    {
        _setEnabled(Cpu, on ? (byte)1 : (byte)0);
        IsOn = on;
        if (!on)
            _clearCache();
    }
}
