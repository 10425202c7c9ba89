namespace CnnTrainers;

/// <summary>How gradients change the weights.</summary>
public sealed class CnnOptimizer
{
    private CnnOptimizer(string name, double rate) => (Name, DefaultLearningRate) = (name, rate);

    /// <summary>The optimizer's name: <c>sgd</c> or <c>adamw</c>.</summary>
    public string Name { get; }

    /// <summary>The highest learning rate of a fit whose options give none.</summary>
    public double DefaultLearningRate { get; }

    /// <summary>
    /// Stochastic gradient descent with <see cref="CnnTrainerOptions.Momentum"/> and <see cref="CnnTrainerOptions.Nesterov"/>; rate 0.05.
    /// </summary>
    public static CnnOptimizer Sgd { get; } = new("sgd", 0.05);

    /// <summary>Adam with decoupled weight decay (arXiv:1711.05101); rate 0.001.</summary>
    public static CnnOptimizer AdamW { get; } = new("adamw", 0.001);

    /// <summary>Every optimizer there is.</summary>
    public static IReadOnlyList<CnnOptimizer> All { get; } = [Sgd, AdamW];

    /// <summary>The optimizer with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such optimizer; the message lists those there are.</exception>
    public static CnnOptimizer Get(string name) => NamedInstances.Get(All, optimizer => optimizer.Name, name, "optimizer");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
