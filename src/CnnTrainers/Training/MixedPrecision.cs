using System.Runtime.Intrinsics.X86;
using CnnTrainers.Kernels;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// Computes in bfloat16 what gains by it, while it is entered: libtorch's autocast. Where a libtorch does not offer it, training is in float32.
/// </summary>
internal sealed class MixedPrecision
{
    private const int SmallestSide = 64; // of images that surely gain

    private MixedPrecision() { }

    /// <summary>Whether the processor has instructions for products of bfloat16.</summary>
    public static bool ProcessorHasBFloat16 { get; } = HasBFloat16();

    /// <summary>Whether it can be entered.</summary>
    public static bool IsAvailable => Autocast.IsAvailable;

    /// <summary>The precision of a fit whose options leave it open: bfloat16 where it is surely quicker, float32 elsewhere.</summary>
    /// <param name="architecture">What is trained.</param>
    /// <param name="shape">The shape of the images.</param>
    /// <param name="log">Takes a line where it is not float32.</param>
    public static CnnPrecision Default(CnnArchitecture architecture, ImageShape shape, Action<string> log)
    {
        if (!CnnPrecision.BFloat16.IsFast || !architecture.GainsByBFloat16 || Math.Min(shape.Height, shape.Width) < SmallestSide)
            return CnnPrecision.Float32;
        log("Training in bfloat16, for which this processor has instructions; Precision = float32 is exacter and slower.");
        return CnnPrecision.BFloat16;
    }

    /// <summary>What a fit takes: null for float32.</summary>
    /// <param name="precision">What the options ask for.</param>
    /// <param name="log">Takes a line where the choice is slow here, or cannot be had.</param>
    public static MixedPrecision? Choose(CnnPrecision precision, Action<string> log)
    {
        if (precision != CnnPrecision.BFloat16)
            return null;
        if (!IsAvailable)
        {
            log("Training in float32: the libtorch that is loaded offers no bfloat16 on the CPU.");
            return null;
        }
        if (!ProcessorHasBFloat16)
            log("bfloat16 is slow here: the processor has no instructions for it. float32 is faster.");
        return new MixedPrecision();
    }

    /// <summary>What scoring in bfloat16 takes where it goes through the modules: null for float32.</summary>
    /// <param name="log">Takes one line.</param>
    public static MixedPrecision? ChooseForScoring(Action<string> log)
    {
        if (!IsAvailable)
        {
            log("Scoring in float32: the libtorch that is loaded offers no bfloat16 on the CPU.");
            return null;
        }
        log($"Scoring in bfloat16 by libtorch, without the native kernels{(ProcessorHasBFloat16 ? "." : "; this processor has no instructions for it, and float32 is faster.")}");
        return new MixedPrecision();
    }

    /// <summary>Runs on this thread, the layers in bfloat16. Gradients of what was computed then follow by themselves.</summary>
    /// <returns>The result in float32.</returns>
    public Tensor Run(Func<Tensor, Tensor> forward, Tensor input)
    {
        Autocast.Switch(true);
        try
        {
            return forward(input).to(ScalarType.Float32);
        }
        finally
        {
            Autocast.Switch(false);
        }
    }

    // .NET has no flag for them. CPUID leaf 7: AMX_BF16 is bit 22 of EDX, and in subleaf 1 AVX512_BF16 is bit 5 of EAX.
    private static bool HasBFloat16() =>
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 &&
        ((X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0 || (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0);
}
