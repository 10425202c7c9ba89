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
}
