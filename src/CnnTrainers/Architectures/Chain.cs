using CnnTrainers.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Architectures;

/// <summary>Layers one after the other, as TorchSharp's <see cref="Sequential"/>: a norm, its ReLU and a pool behind it are one step in training.</summary>
internal sealed class Chain : Sequential
{
    /// <summary>Named layers.</summary>
    public Chain(params (string, nn.Module<Tensor, Tensor>)[] layers) : base(layers) { }

    /// <summary>Layers named by their numbers.</summary>
    public Chain(params nn.Module<Tensor, Tensor>[] layers) : base(layers) { }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        for (var i = 0; i < Count;)
            x = Step(x, ref i);
        return ReferenceEquals(x, input) ? x : x.MoveToOuterDisposeScope();
    }

    private Tensor Step(Tensor x, ref int i)
    {
        if (this[i] is BatchNorm2d norm && i + 1 < Count && this[i + 1] is ReLU)
        {
            if (i + 2 < Count && this[i + 2] is MaxPool2d pool && Fused.NormReluPool(norm, pool, x) is { } pooled)
            {
                i += 3;
                return pooled;
            }
            if (Fused.NormRelu(norm, x) is { } y)
            {
                i += 2;
                return y;
            }
        }
        return this[i++].call(x);
    }
}
