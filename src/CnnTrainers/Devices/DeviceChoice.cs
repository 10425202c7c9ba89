using System.Runtime.InteropServices;
using CnnTrainers.Kernels;
using CnnTrainers.Persistence;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace CnnTrainers.Devices;

/// <summary>Which device is meant, and why it cannot be had.</summary>
internal static class DeviceChoice
{
    /// <summary>The device that options and environment ask for.</summary>
    /// <param name="device">What the options say.</param>
    /// <param name="env">Where <c>GpuDeviceId</c> and <c>FallbackToCpu</c> are, for a device that is left open.</param>
    /// <param name="localRank">This process's number among those of the machine that share the work: a device left open is the card of that number.</param>
    /// <param name="log">Takes a line where the processor stands in for a card that was asked for.</param>
    /// <exception cref="InvalidOperationException">A card was asked for that cannot be used; the message says why, and what to do.</exception>
    public static ComputeDevice Resolve(CnnDevice device, IHostEnvironment env, Action<string> log, int localRank = 0)
    {
        if (device.CudaIndex is { } asked)
            return WhyNot(asked) is { } why ? throw new InvalidOperationException($"Device is {device}: {why}") : ComputeDevice.Cuda(asked);
        if (device == CnnDevice.Cpu)
            return ComputeDevice.Cpu;
        var (card, fallBack) = MLNetInternals.CardOf(env);
        if (card is not { } id)
            return WhyNot(0) is null ? ComputeDevice.Cuda(localRank % torch.cuda.device_count()) : ComputeDevice.Cpu;
        if (WhyNot(id) is not { } missing)
            return ComputeDevice.Cuda(id);
        if (!fallBack)
            throw new InvalidOperationException($"MLContext.GpuDeviceId is {id}, and FallbackToCpu is false: {missing}");
        log($"Computing on the processor, not on cuda:{id}: {missing}");
        return ComputeDevice.Cpu;
    }

    /// <summary>Why a card cannot be used, and what to do about it; null where it can.</summary>
    public static string? WhyNot(int index)
    {
        if (LibTorch.Fault is { } fault)
            return fault;
        if (!NativeLibrary.TryLoad("torch_cuda", typeof(torch).Assembly, null, out _) && !torch.cuda.is_available())
        {
            return "this program has the libtorch that knows no cards (package TorchSharp-cpu). Reference TorchSharp-cuda-windows or TorchSharp-cuda-linux "
                + $"in its place; for the sources of this library, build with {(OperatingSystem.IsWindows() ? "$env:TorchRuntime = 'cuda-windows'" : "TorchRuntime=cuda-linux")}. Or compute on the cpu.";
        }
        if (!torch.cuda.is_available())
        {
            return NvidiaDriver.Cuda is { } cuda
                ? $"libtorch sees no card. The driver is there (for CUDA {cuda}): it may be too old for this libtorch, or CUDA_VISIBLE_DEVICES hides the cards; nvidia-smi shows them."
                : "libtorch sees no card, as NVIDIA's driver is not installed; nvidia-smi shows the cards once it is. Or compute on the cpu.";
        }
        var count = torch.cuda.device_count();
        return index < count ? null : $"there is no such card. This machine has {count}: {string.Join(", ", Enumerable.Range(0, count).Select(Name))}.";
    }

    private static string Name(int index) => NvidiaDriver.Cards.ElementAtOrDefault(index) is { } card ? $"cuda:{index} ({card.Name})" : $"cuda:{index}";
}
