using static TorchSharp.torch;

namespace CnnTrainers.Architectures;

/// <summary>A part of a network that frees its intermediate tensors as soon as its output is computed (autograd keeps what it needs).</summary>
internal abstract class Block : nn.Module<Tensor, Tensor>
{
    /// <summary>A part without a name: names come from the fields that hold it.</summary>
    protected Block() : base("") { }

    /// <inheritdoc/>
    public sealed override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Compute(input).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the output, a tensor other than the input.</summary>
    protected abstract Tensor Compute(Tensor x);

    // Before torch.nn's of the same names, so that no layer with weights is made outside the limit, and chains take steps together.
    protected static Chain Sequential(params (string, nn.Module<Tensor, Tensor>)[] layers) => new(layers);

    protected static Chain Sequential(params IEnumerable<nn.Module<Tensor, Tensor>> layers) => new([.. layers]);

    protected static TorchSharp.Modules.Conv2d Conv2d(long inputs, long outputs, long kernel, long stride = 1, long padding = 0) =>
        Layers.Convolution(inputs, outputs, (kernel, kernel), (stride, stride), (padding, padding));

    protected static TorchSharp.Modules.Conv2d Conv2d(long inputs, long outputs, (long, long) kernel, (long, long) stride, (long, long) padding, bool bias) =>
        Layers.Convolution(inputs, outputs, kernel, stride, padding, bias: bias);

    protected static TorchSharp.Modules.Linear Linear(long inputs, long outputs) => Layers.Linear(inputs, outputs);
}
