using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>How gradients change the weights.</summary>
public sealed class CnnOptimizer
{
    private readonly Func<IReadOnlyList<ParameterGroup>, CnnTrainerOptions, OptimizerSteps> _create;

    private CnnOptimizer(string name, double rate, Func<IReadOnlyList<ParameterGroup>, CnnTrainerOptions, OptimizerSteps> create) =>
        (Name, DefaultLearningRate, _create) = (name, rate, create);

    /// <summary>The optimizer's name: <c>sgd</c> or <c>adamw</c>.</summary>
    public string Name { get; }

    /// <summary>The highest learning rate of a fit whose options give none.</summary>
    public double DefaultLearningRate { get; }

    /// <summary>
    /// Stochastic gradient descent with <see cref="CnnTrainerOptions.Momentum"/> and <see cref="CnnTrainerOptions.Nesterov"/>; rate 0.05.
    /// </summary>
    public static CnnOptimizer Sgd { get; } = new("sgd", 0.05, (groups, options) => new SgdSteps(groups, options.Momentum, options.Nesterov));

    /// <summary>Adam with decoupled weight decay (arXiv:1711.05101), PyTorch's other settings; rate 0.001.</summary>
    public static CnnOptimizer AdamW { get; } = new("adamw", 0.001, (groups, _) => new AdamWSteps(groups));

    /// <summary>Every optimizer there is.</summary>
    public static IReadOnlyList<CnnOptimizer> All { get; } = [Sgd, AdamW];

    /// <summary>The optimizer with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such optimizer; the message lists those there are.</exception>
    public static CnnOptimizer Get(string name) => NamedInstances.Get(All, optimizer => optimizer.Name, name, "optimizer");

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>
    /// The optimizer of one fit, with a group for each learning rate. Vectors (norms, biases) do not decay: pulling them to zero
    /// regularises nothing and costs accuracy (arXiv:1812.01187, section 3.1).
    /// </summary>
    internal OptimizerSteps Create(IEnumerable<TrainedParameter> parameters, double rate, CnnTrainerOptions options)
    {
        var groups = parameters.GroupBy(one => (one.RateFactor, Decays: one.Parameter.dim() > 1))
            .OrderByDescending(group => group.Key.RateFactor).ThenByDescending(group => group.Key.Decays)
            .Select(group => new ParameterGroup([.. group.Select(one => one.Parameter)], rate * group.Key.RateFactor, group.Key.Decays ? options.WeightDecay : 0));
        return _create([.. groups], options);
    }
}
