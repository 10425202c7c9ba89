using System.Globalization;
using CnnTrainers.Devices;
using CnnTrainers.Kernels;

namespace CnnTrainers;

/// <summary>What a network is computed on: the processor, or one of the machine's NVIDIA cards.</summary>
public sealed record CnnDevice
{
    private const string CudaName = "cuda";

    private CnnDevice(string name, int? index = null) => (Name, CudaIndex) = (name, index);

    /// <summary>The device's name: <c>auto</c>, <c>cpu</c>, <c>cuda:0</c>.</summary>
    public string Name { get; }

    /// <summary>The card's number, from 0; null for <see cref="Auto"/> and <see cref="Cpu"/>.</summary>
    public int? CudaIndex { get; }

    /// <summary>
    /// By ML.NET's convention: where <c>MLContext.GpuDeviceId</c> is set, that card, or, without it, the processor where <c>MLContext.FallbackToCpu</c>
    /// is true and an error where it is not. Where it is not set: the first card that libtorch sees, else the processor.
    /// </summary>
    public static CnnDevice Auto { get; } = new("auto");

    /// <summary>The processor.</summary>
    public static CnnDevice Cpu { get; } = new("cpu");

    /// <summary>
    /// The machine's NVIDIA cards, in the driver's order; none where there is no driver. What libtorch can use of them depends on the package
    /// that the program references: TorchSharp-cuda-windows or TorchSharp-cuda-linux.
    /// </summary>
    public static IReadOnlyList<CudaCard> Cards => NvidiaDriver.Cards;

    /// <summary>The newest CUDA that NVIDIA's driver on this machine can run; null without a driver.</summary>
    public static Version? DriverCuda => NvidiaDriver.Cuda;

    /// <summary>An NVIDIA card.</summary>
    /// <param name="index">Its number among those that the process sees, from 0. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 0.</exception>
    public static CnnDevice Cuda(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new(string.Create(CultureInfo.InvariantCulture, $"{CudaName}:{index}"), index);
    }

    /// <summary>The device with a name.</summary>
    /// <param name="name"><c>auto</c>, <c>cpu</c>, <c>cuda</c> (the first card) or <c>cuda:1</c>, in any case.</param>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static CnnDevice Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var lower = name.ToLowerInvariant();
        if (lower == Auto.Name)
            return Auto;
        if (lower == Cpu.Name)
            return Cpu;
        if (lower == CudaName)
            return Cuda();
        return lower.StartsWith($"{CudaName}:", StringComparison.Ordinal) && int.TryParse(lower[(CudaName.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? Cuda(index)
            : throw new ArgumentException($"There is no device '{name}'. Expected auto, cpu, cuda, or cuda:1 for the second card.", nameof(name));
    }

    /// <summary>Whether a network can be computed on it now, by the libtorch that this program references.</summary>
    /// <param name="why">Why not, and what to do about it; null where it can.</param>
    public bool IsThere(out string? why)
    {
        why = CudaIndex is { } index ? DeviceChoice.WhyNot(index) : LibTorch.Fault;
        return why is null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>An NVIDIA card, as its driver describes it.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Name">Its name, as <c>NVIDIA H100</c>.</param>
/// <param name="MemoryBytes">All of its memory, in bytes.</param>
/// <param name="ComputeCapability">NVIDIA's number of what it can do: from 7.0 on products of float16 are fast, from 8.0 on those of bfloat16.</param>
public sealed record CudaCard(int Index, string Name, long MemoryBytes, Version ComputeCapability);
