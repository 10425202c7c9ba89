using CnnTrainers.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Architectures;

/// <summary>
/// Sets a share of the values to zero while training and scales up the others. Unlike torch's it draws from a generator of its own, so
/// that a fit is repeatable by its seed and leaves the global generator alone. It has no state entries.
/// </summary>
internal sealed class Dropout(double share) : nn.Module<Tensor, Tensor>("")
{
    /// <summary>Where the random numbers come from; null is torch's global generator. On a card it is that card's, which the fit seeds at each step.</summary>
    public Generator? Generator { get; set; }

    /// <summary>Where other processes compute the rest of a batch: its images, and which of them come here. Null: all. The masks are then those of the whole.</summary>
    public (int Images, long[] Rows)? Part { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (!training || share == 0)
            return input.alias();
        var generator = input.device.type == DeviceType.CPU ? Generator : null; // a generator is of one device, and TorchSharp makes none for cards
        using var kept = Mask(input, generator).div_(1 - share);
        return input * kept;
    }

    private Tensor Mask(Tensor input, Generator? generator)
    {
        if (Part is not { } part || generator is null)
            return empty_like(input).bernoulli_(1 - share, generator);
        using var scope = NewDisposeScope();
        // Numbers are drawn in the order of the memory.
        var whole = input.Dimensions == 4 && !input.is_contiguous()
            ? ComputeDevice.Cpu.Empty([part.Images, .. input.shape[2..], input.shape[1]], input.dtype).permute(0, 3, 1, 2)
            : ComputeDevice.Cpu.Empty([part.Images, .. input.shape[1..]], input.dtype);
        return whole.bernoulli_(1 - share, generator).index_select(0, ComputeDevice.Cpu.Of(part.Rows)).MoveToOuterDisposeScope();
    }
}
