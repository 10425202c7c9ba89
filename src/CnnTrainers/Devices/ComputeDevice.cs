using System.Runtime.InteropServices;
using CnnTrainers.Training;
using TorchSharp;
using static TorchSharp.torch;

#pragma warning disable RS0030 // this is the place where tensors are made

namespace CnnTrainers.Devices;

/// <summary>
/// Where tensors of a fit or of scoring are, and the only place that makes any and that brings them over: the processor, whose memory they then
/// are in, or a card, to which they are copied and from which what is read has to be waited for. Tests have further ones.
/// </summary>
internal class ComputeDevice
{
    private const int CudaWithBFloat16 = 8, CudaWithFloat16 = 7; // compute capability

    private static readonly Lock _gate = new();
    private static readonly Dictionary<int, ComputeDevice> _cards = [];

    /// <summary>Makes one.</summary>
    protected ComputeDevice(Device torch, bool isCard, CudaCard? card = null) => (Torch, IsCard, Card) = (torch, isCard, card);

    /// <summary>The processor.</summary>
    public static ComputeDevice Cpu { get; } = new(CPU, false);

    /// <summary>A card that is there.</summary>
    public static ComputeDevice Cuda(int index)
    {
        lock (_gate)
        {
            if (!_cards.TryGetValue(index, out var device))
                _cards.Add(index, device = new(new Device(DeviceType.CUDA, index), true, NvidiaDriver.Cards.ElementAtOrDefault(index)));
            return device;
        }
    }

    /// <summary>Where a tensor is.</summary>
    public static ComputeDevice At(Tensor tensor) => tensor.device.type switch
    {
        DeviceType.CPU => Cpu,
        DeviceType.CUDA => Cuda(tensor.device.index),
        _ => new(tensor.device, true),
    };

    /// <summary>libtorch's name for it.</summary>
    public Device Torch { get; }

    /// <summary>Whether it has a memory of its own and runs behind the thread that gives it work.</summary>
    public bool IsCard { get; }

    /// <summary>What the driver says of the card.</summary>
    public CudaCard? Card { get; }

    /// <summary>Whether products of bfloat16 are fast there. Only of cards.</summary>
    public bool HasBFloat16 => Card is null || Card.ComputeCapability.Major >= CudaWithBFloat16;

    /// <summary>Whether products of float16 are fast there. Only of cards.</summary>
    public bool HasFloat16 => Card is null || Card.ComputeCapability.Major >= CudaWithFloat16;

    /// <summary>A tensor whose values are yet to be set.</summary>
    public Tensor Empty(ReadOnlySpan<long> shape, ScalarType type) => empty(shape, type, Torch);

    /// <summary>A tensor of zeros.</summary>
    public Tensor Zeros(ReadOnlySpan<long> shape, ScalarType type = ScalarType.Float32) => zeros(shape, type, Torch);

    /// <summary>The processor's tensor whose numbers are a file's content: who else has it of the same file sees and changes the same numbers.</summary>
    public static Tensor OfFile(string path, long count) => from_file(path, shared: true, count, ScalarType.Float32);

    /// <summary>0, 1, 2 and so on.</summary>
    public Tensor Range(long count) => arange(count, dtype: ScalarType.Int64, device: Torch);

    /// <summary>A tensor of numbers.</summary>
    public Tensor Of(float[] values, params ReadOnlySpan<long> shape) => tensor(values, shape.IsEmpty ? [values.Length] : shape, device: Torch);

    /// <inheritdoc cref="Of(float[], ReadOnlySpan{long})"/>
    public Tensor Of(long[] values, params ReadOnlySpan<long> shape) => tensor(values, shape.IsEmpty ? [values.Length] : shape, device: Torch);

    /// <summary>A tensor in the processor's memory that <see cref="Upload"/> copies from quickly.</summary>
    public virtual Tensor HostBuffer(ReadOnlySpan<long> shape, ScalarType type)
    {
        var memory = empty(shape, type);
        if (Torch.type != DeviceType.CUDA)
            return memory;
        using (memory)
            return memory.pin_memory(); // pages that stay where they are, which the card reads by itself
    }

    /// <summary>Copies to a tensor of this device, and returns when the source may be overwritten.</summary>
    public virtual void Upload(Tensor from, Tensor to)
    {
        using var same = to.copy_(from);
    }

    /// <summary>A tensor of the processor's memory as it is here.</summary>
    public virtual Tensor Bring(Tensor value) => IsCard ? value.to(Torch) : value;

    /// <summary>A tensor's values in the processor's memory, once they are computed. The caller disposes it.</summary>
    public virtual Tensor Read(Tensor value) => value.detach().cpu();

    /// <summary>A number, once it is computed.</summary>
    public float ReadNumber(Tensor value)
    {
        using var read = Read(value);
        return read.item<float>();
    }

    /// <summary>Whether all of some conditions hold, once they are computed.</summary>
    public bool ReadAll(IEnumerable<Tensor> conditions)
    {
        using var scope = NewDisposeScope();
        Tensor[] all = [.. conditions.Select(condition => condition.all())];
        return all.Length == 0 || Read(stack(all).all()).item<bool>();
    }

    /// <summary>Moves a network here. Its tensors are then others.</summary>
    public void Take(nn.Module network)
    {
        if (network.parameters().Concat(network.buffers()).FirstOrDefault() is not { } first || first.device == Torch)
            return;
        using var scope = NewDisposeScope();
        network.to(Torch);
    }

    /// <summary>Moves a network back to the processor's memory. Its tensors are then others.</summary>
    public virtual void GiveBack(nn.Module network) => Cpu.Take(network);

    /// <summary>Makes what is drawn at random on a card from now on depend on nothing but these numbers.</summary>
    public virtual void Seed(int seed, long step)
    {
        if (Torch.type == DeviceType.CUDA)
            cuda.manual_seed_all(SplitMix.Of(seed, step));
    }

    /// <summary>Waits until all that has been asked for is computed.</summary>
    public virtual void Wait()
    {
        if (Torch.type == DeviceType.CUDA)
            cuda.synchronize(Torch);
    }

    /// <summary>Whether a failure says that the card's memory was not enough.</summary>
    public virtual bool IsOutOfMemory(Exception fault) =>
        IsCard && fault is ExternalException or InvalidOperationException && fault.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => IsCard ? $"{Torch.type.ToString().ToLowerInvariant()}:{Math.Max(0, Torch.index)}{(Card is null ? "" : $" ({Card.Name})")}" : "the processor";
}
