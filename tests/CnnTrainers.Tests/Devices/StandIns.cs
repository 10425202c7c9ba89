using CnnTrainers.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Devices;

/// <summary>The processor in the part of a card: all that is done for one is done, and what goes over to it and comes back is written down.</summary>
internal sealed class RecordingDevice() : ComputeDevice(CPU, isCard: true)
{
    private readonly Lock _gate = new();

    /// <summary>What was copied to it.</summary>
    public List<(ScalarType Type, long Bytes)> Uploads { get; } = [];

    /// <summary>The shapes of what somebody waited for.</summary>
    public List<long[]> Reads { get; } = [];

    /// <summary>How many copies of a type there were so far.</summary>
    public int Count(ScalarType type)
    {
        lock (_gate)
            return Uploads.Count(upload => upload.Type == type);
    }

    public override void Upload(Tensor from, Tensor to)
    {
        lock (_gate)
            Uploads.Add((from.dtype, from.numel() * from.ElementSize));
        base.Upload(from, to);
    }

    public override Tensor Read(Tensor value)
    {
        lock (_gate)
            Reads.Add(value.shape);
        return base.Read(value);
    }
}

/// <summary>
/// libtorch's device without memory. Shapes, types and devices are looked at, nothing is computed: an operation between a tensor of it and one
/// of the processor is an error, as on a card. What is read is made up: zeros, and conditions that hold.
/// </summary>
internal sealed class MetaDevice() : ComputeDevice(new Device(DeviceType.META), isCard: true)
{
    public override Tensor Read(Tensor value)
    {
        Assert.Equal(DeviceType.META, value.device.type);
        return value.dtype == ScalarType.Bool ? ones(value.shape, value.dtype) : zeros(value.shape, value.dtype);
    }

    // There is nothing to bring back.
    public override void GiveBack(nn.Module network) { }
}
