using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp;

/// <summary>A module that says how far a prediction is from its target.</summary>
public abstract class Loss<T1, T2, TResult> : Module<T1, T2, TResult>
{
    public Loss(Reduction reduction = Reduction.Mean) : base(nameof(Loss<T1, T2, TResult>)) => this.reduction = reduction;

    public Reduction reduction { get; }
}

public abstract class Loss<T1, T2, T3, TResult> : Module<T1, T2, T3, TResult>
{
    public Loss(Reduction reduction = Reduction.Mean) : base(nameof(Loss<T1, T2, T3, TResult>)) => this.reduction = reduction;

    public Reduction reduction { get; }
}

/// <summary>A loss whose elements or classes have weights.</summary>
public abstract class WeightedLoss<T1, T2, TResult> : Loss<T1, T2, TResult>
{
    public WeightedLoss(Tensor weight = null, Reduction reduction = Reduction.Mean) : base(reduction) => this.weight = weight;

    public Tensor weight { get; }
}
