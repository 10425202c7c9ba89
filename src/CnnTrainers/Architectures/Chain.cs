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
        var (module, next, afterNext) = (this[i], i + 1 < Count ? this[i + 1] : null, i + 2 < Count ? this[i + 2] : null);
        var (y, steps) = (module, next, afterNext) switch
        {
            (BatchNorm2d norm, ReLU, MaxPool2d pool) => (Fused.NormReluPool(norm, pool, x), 3),
            (BatchNorm2d norm, ReLU, _) => (Fused.Norm(norm, x, relu: true), 2),
            (BatchNorm2d norm, _, _) => (Fused.Norm(norm, x, relu: false), 1),
            (ReLU, MaxPool2d pool, _) => (Fused.ReluPool(pool, x), 2),
            (Linear linear, _, _) => (Fused.Linear(linear, x), 1),
            _ => (null, 0),
        };
        i += y is null ? 1 : steps;
        return y ?? module.call(x);
    }
}
