using System.Runtime.Intrinsics.X86;
using CnnTrainers.Devices;
using CnnTrainers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// Computes in 16 bits what gains by it, while it is entered: libtorch's autocast. Where a libtorch does not offer it, training is in float32.
/// </summary>
internal sealed class MixedPrecision
{
    private const int SmallestSide = 64; // of images that surely gain

    private readonly DeviceType _device;
    private readonly ScalarType _type;

    private MixedPrecision(CnnPrecision precision, ComputeDevice device)
    {
        Precision = precision;
        _device = device.Torch.type == DeviceType.CPU ? DeviceType.CPU : DeviceType.CUDA;
        _type = precision == CnnPrecision.Float16 ? ScalarType.Float16 : ScalarType.BFloat16;
    }

    /// <summary>Whether the processor has instructions for products of bfloat16.</summary>
    public static bool ProcessorHasBFloat16 { get; } = HasBFloat16();

    /// <summary>Whether it can be entered.</summary>
    public static bool IsAvailable => Autocast.IsAvailable;

    /// <summary>What it computes in.</summary>
    public CnnPrecision Precision { get; }

    /// <summary>The precision of a fit whose options leave it open: 16 bits where that is surely quicker, float32 elsewhere.</summary>
    /// <param name="architecture">What is trained.</param>
    /// <param name="shape">The shape of the images.</param>
    /// <param name="device">On what.</param>
    /// <param name="log">Takes a line where it is not float32.</param>
    public static CnnPrecision Default(CnnArchitecture architecture, ImageShape shape, ComputeDevice device, Action<string> log)
    {
        var fast = device.IsCard ? OfCard(device) : CnnPrecision.BFloat16.IsFast && architecture.GainsByBFloat16 ? CnnPrecision.BFloat16 : CnnPrecision.Float32;
        if (fast == CnnPrecision.Float32 || !IsAvailable || Math.Min(shape.Height, shape.Width) < SmallestSide)
            return CnnPrecision.Float32;
        log($"Training in {fast}, for which this {(device.IsCard ? "card" : "processor")} has instructions; Precision = float32 is exacter and slower.");
        return fast;
    }

    /// <summary>What a fit takes: null for float32.</summary>
    /// <param name="precision">What the options ask for.</param>
    /// <param name="device">On what.</param>
    /// <param name="log">Takes a line where the choice is slow here, or cannot be had.</param>
    /// <exception cref="ArgumentException">Float16 is asked for where there is no card.</exception>
    public static MixedPrecision? Choose(CnnPrecision precision, ComputeDevice device, Action<string> log)
    {
        if (precision == CnnPrecision.Float32)
            return null;
        Check(precision, device);
        if (!IsAvailable)
        {
            log($"Training in float32: the libtorch that is loaded offers no {precision}.");
            return null;
        }
        if (!IsFast(precision, device))
            log($"{precision} is slow here: the {(device.IsCard ? "card" : "processor")} has no instructions for it. float32 is faster.");
        return new MixedPrecision(precision, device);
    }

    /// <summary>What scoring in 16 bits takes where it goes through the modules: null for float32.</summary>
    /// <param name="precision">What is asked for.</param>
    /// <param name="device">On what.</param>
    /// <param name="log">Takes one line.</param>
    /// <exception cref="ArgumentException">Float16 is asked for where there is no card.</exception>
    public static MixedPrecision? ChooseForScoring(CnnPrecision precision, ComputeDevice device, Action<string> log)
    {
        Check(precision, device);
        if (!IsAvailable)
        {
            log($"Scoring in float32: the libtorch that is loaded offers no {precision}.");
            return null;
        }
        if (!device.IsCard)
            log($"Scoring in bfloat16 by libtorch, without the native kernels{(ProcessorHasBFloat16 ? "." : "; this processor has no instructions for it, and float32 is faster.")}");
        return new MixedPrecision(precision, device);
    }

    /// <summary>Runs on this thread, the layers in 16 bits. Gradients of what was computed then follow by themselves.</summary>
    /// <returns>The result in float32.</returns>
    public Tensor Run(Func<Tensor, Tensor> forward, Tensor input)
    {
        Autocast.Switch(true, _device, _type);
        try
        {
            return forward(input).to(ScalarType.Float32);
        }
        finally
        {
            Autocast.Switch(false, _device);
        }
    }

    /// <summary>Makes sure that a precision is one of the device's.</summary>
    /// <exception cref="ArgumentException">Float16 is asked for where there is no card.</exception>
    public static void Check(CnnPrecision? precision, ComputeDevice device)
    {
        if (precision == CnnPrecision.Float16 && !device.IsCard)
            throw new ArgumentException("Precision is float16, which is for NVIDIA cards; expected float32 or bfloat16 on the processor.");
    }

    private static CnnPrecision OfCard(ComputeDevice device) =>
        device.HasBFloat16 ? CnnPrecision.BFloat16 : device.HasFloat16 ? CnnPrecision.Float16 : CnnPrecision.Float32;

    private static bool IsFast(CnnPrecision precision, ComputeDevice device) =>
        !device.IsCard ? ProcessorHasBFloat16 : precision == CnnPrecision.Float16 ? device.HasFloat16 : device.HasBFloat16;

    // .NET has no flag for them. CPUID leaf 7: AMX_BF16 is bit 22 of EDX, and in subleaf 1 AVX512_BF16 is bit 5 of EAX.
    private static bool HasBFloat16() =>
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 &&
        ((X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0 || (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0);
}
