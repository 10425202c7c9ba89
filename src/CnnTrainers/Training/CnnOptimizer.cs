using TorchSharp;
using TorchSharp.Modules;

namespace CnnTrainers;

/// <summary>How gradients change the weights.</summary>
public sealed class CnnOptimizer
{
    private readonly Func<IReadOnlyList<Parameter>, IReadOnlyList<Parameter>, double, CnnTrainerOptions, torch.optim.Optimizer> _create;

    private CnnOptimizer(
        string name, double rate, Func<IReadOnlyList<Parameter>, IReadOnlyList<Parameter>, double, CnnTrainerOptions, torch.optim.Optimizer> create) =>
        (Name, DefaultLearningRate, _create) = (name, rate, create);

    /// <summary>The optimizer's name: <c>sgd</c> or <c>adamw</c>.</summary>
    public string Name { get; }

    /// <summary>The highest learning rate of a fit whose options give none.</summary>
    public double DefaultLearningRate { get; }

    /// <summary>
    /// Stochastic gradient descent with <see cref="CnnTrainerOptions.Momentum"/> and <see cref="CnnTrainerOptions.Nesterov"/>; rate 0.05.
    /// </summary>
    public static CnnOptimizer Sgd { get; } = new("sgd", 0.05, (decayed, undecayed, rate, options) => torch.optim.SGD(
        [
            new SGD.ParamGroup(decayed, rate, options.Momentum, 0, options.WeightDecay, options.Nesterov),
            new SGD.ParamGroup(undecayed, rate, options.Momentum, 0, 0, options.Nesterov),
        ],
        rate, options.Momentum, 0, 0, options.Nesterov));

    /// <summary>Adam with decoupled weight decay (arXiv:1711.05101), PyTorch's other settings; rate 0.001.</summary>
    public static CnnOptimizer AdamW { get; } = new("adamw", 0.001, (decayed, undecayed, rate, options) => torch.optim.AdamW(
        [
            new AdamW.ParamGroup(decayed, rate, weight_decay: options.WeightDecay),
            new AdamW.ParamGroup(undecayed, rate, weight_decay: 0),
        ],
        rate));

    /// <summary>Every optimizer there is.</summary>
    public static IReadOnlyList<CnnOptimizer> All { get; } = [Sgd, AdamW];

    /// <summary>The optimizer with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such optimizer; the message lists those there are.</exception>
    public static CnnOptimizer Get(string name) => NamedInstances.Get(All, optimizer => optimizer.Name, name, "optimizer");

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>
    /// The optimizer of one fit. Vectors (norms, biases) do not decay: pulling them to zero regularises nothing and costs accuracy
    /// (arXiv:1812.01187, section 3.1).
    /// </summary>
    internal torch.optim.Optimizer Create(torch.nn.Module network, double rate, CnnTrainerOptions options)
    {
        var parameters = network.parameters().ToLookup(parameter => parameter.dim() > 1);
        return _create([.. parameters[true]], [.. parameters[false]], rate, options);
    }
}
