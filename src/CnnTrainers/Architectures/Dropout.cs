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

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (!training || share == 0)
            return input.alias();
        var generator = input.device.type == DeviceType.CPU ? Generator : null; // a generator is of one device, and TorchSharp makes none for cards
        using var kept = empty_like(input).bernoulli_(1 - share, generator).div_(1 - share);
        return input * kept;
    }
}
