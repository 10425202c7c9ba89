using CnnTrainers.Architectures;
using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>How gradients change the weights.</summary>
public sealed class CnnOptimizer
{
    private readonly Func<IReadOnlyList<ParameterGroup>, CnnTrainerOptions, bool, OptimizerSteps> _create;

    private readonly Func<RateFactors, double> _factor;

    private CnnOptimizer(
        string name, double rate, Func<RateFactors, double> factor, Func<IReadOnlyList<ParameterGroup>, CnnTrainerOptions, bool, OptimizerSteps> create) =>
        (Name, DefaultLearningRate, _factor, _create) = (name, rate, factor, create);

    /// <summary>The optimizer's name: <c>sgd</c> or <c>adamw</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// The highest learning rate of a fit whose options give none, for networks with norms. Those without have a part of it, by family;
    /// LeNet more with AdamW.
    /// </summary>
    public double DefaultLearningRate { get; }

    /// <summary>
    /// Stochastic gradient descent with <see cref="CnnTrainerOptions.Momentum"/> and <see cref="CnnTrainerOptions.Nesterov"/>; rate 0.05.
    /// </summary>
    public static CnnOptimizer Sgd { get; } = new("sgd", 0.05, factors => factors.Sgd, (groups, options, isOnCard) => new SgdSteps(groups, options.Momentum, options.Nesterov, isOnCard));

    /// <summary>Adam with decoupled weight decay (arXiv:1711.05101), PyTorch's other settings; rate 0.001.</summary>
    public static CnnOptimizer AdamW { get; } = new("adamw", 0.001, factors => factors.AdamW, (groups, _, isOnCard) => new AdamWSteps(groups, isOnCard));

    /// <summary>Every optimizer there is.</summary>
    public static IReadOnlyList<CnnOptimizer> All { get; } = [Sgd, AdamW];

    /// <summary>The optimizer with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such optimizer; the message lists those there are.</exception>
    public static CnnOptimizer Get(string name) => NamedInstances.Get(All, optimizer => optimizer.Name, name, "optimizer");

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Which of an architecture's factors is this optimizer's.</summary>
    internal double FactorIn(RateFactors factors) => _factor(factors);

    /// <summary>
    /// The optimizer of one fit, with a group for each learning rate. Vectors (norms, biases) do not decay: pulling them to zero
    /// regularises nothing and costs accuracy (arXiv:1812.01187, section 3.1).
    /// </summary>
    internal OptimizerSteps Create(IEnumerable<TrainedParameter> parameters, double rate, CnnTrainerOptions options, bool isOnCard = false)
    {
        var groups = parameters.GroupBy(one => (one.RateFactor, Decays: one.Parameter.dim() > 1))
            .OrderByDescending(group => group.Key.RateFactor).ThenByDescending(group => group.Key.Decays)
            .Select(group => new ParameterGroup([.. group.Select(one => one.Parameter)], rate * group.Key.RateFactor, group.Key.Decays ? options.WeightDecay : 0));
        return _create([.. groups], options, isOnCard);
    }
}
