using CnnTrainers.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Parameters with one learning rate and one decay.</summary>
/// <param name="Parameters">The parameters.</param>
/// <param name="Rate">Their highest learning rate, which the schedule multiplies.</param>
/// <param name="Decay">Their weight decay.</param>
internal sealed record ParameterGroup(IReadOnlyList<Parameter> Parameters, double Rate, double Decay);

/// <summary>
/// The steps of one fit: gradients in, changed parameters out. Its state is plain tensors, one of each kind for every parameter and laid
/// out like it, so that a checkpoint can hold them.
/// </summary>
internal abstract class OptimizerSteps : IDisposable
{
    private readonly Dictionary<string, IReadOnlyList<Tensor>> _states;

    /// <summary>Makes the state, all zero.</summary>
    protected OptimizerSteps(IReadOnlyList<ParameterGroup> groups, params IReadOnlyList<string> states)
    {
        using var noGrad = no_grad();
        (Groups, Parameters) = (groups, [.. groups.SelectMany(group => group.Parameters)]);
        _states = states.ToDictionary(name => name, IReadOnlyList<Tensor> (_) =>
            [.. Parameters.Select(parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope())]);
    }

    /// <summary>What changes.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>The parameters of all groups, in their order; the state's tensors are in the same.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Steps taken; part of the state.</summary>
    public long Count { get; set; }

    /// <summary>The state's tensors by kind and number of the parameter, as <c>momentum.12</c>.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        _states.SelectMany(state => state.Value.Select((value, at) => ($"{state.Key}.{at}", value)));

    /// <summary>One step. It may leave anything in the gradients.</summary>
    /// <param name="factor">The schedule's factor of every group's rate.</param>
    public void Step(double factor)
    {
        using var noGrad = no_grad();
        Count++;
        var at = 0;
        foreach (var group in Groups)
        {
            foreach (var parameter in group.Parameters)
            {
                using var scope = NewDisposeScope();
                if (parameter.grad is { } gradient)
                    Update(at, parameter, gradient, group.Rate * factor, group.Decay);
                at++;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _states.Values.SelectMany(values => values))
            value.Dispose();
    }

    /// <summary>All tensors of one kind.</summary>
    protected IReadOnlyList<Tensor> StateOf(string kind) => _states[kind];

    /// <summary>Changes one parameter, without gradients of that.</summary>
    /// <param name="at">Its number.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient, which may be overwritten.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">The weight decay.</param>
    protected abstract void Update(int at, Parameter parameter, Tensor gradient, double rate, double decay);
}

/// <summary>PyTorch's SGD: the rate scales the momentum too.</summary>
internal sealed class SgdSteps(IReadOnlyList<ParameterGroup> groups, double momentum, bool nesterov)
    : OptimizerSteps(groups, momentum > 0 ? ["momentum"] : [])
{
    private readonly double _momentum = momentum;

    /// <inheritdoc/>
    protected override void Update(int at, Parameter parameter, Tensor gradient, double rate, double decay)
    {
        var buffer = _momentum > 0 ? StateOf("momentum")[at] : null;
        if (OptimizerKernels.Sgd(parameter, gradient, buffer, rate, _momentum, nesterov, decay))
            return;
        if (decay > 0)
            gradient.add_(parameter, alpha: decay);
        if (buffer is not null)
        {
            buffer.mul_(_momentum).add_(gradient);
            gradient = nesterov ? gradient.add_(buffer, alpha: _momentum) : buffer;
        }
        parameter.add_(gradient, alpha: -rate);
    }
}

/// <summary>PyTorch's AdamW with β = (0.9, 0.999) and ε = 1e-8.</summary>
internal sealed class AdamWSteps(IReadOnlyList<ParameterGroup> groups) : OptimizerSteps(groups, "exp_avg", "exp_avg_sq")
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    /// <inheritdoc/>
    protected override void Update(int at, Parameter parameter, Tensor gradient, double rate, double decay)
    {
        var (mean, square) = (StateOf("exp_avg")[at], StateOf("exp_avg_sq")[at]);
        if (OptimizerKernels.AdamW(parameter, gradient, mean, square, rate, Beta1, Beta2, Epsilon, decay, Count))
            return;
        if (decay > 0)
            parameter.mul_(1 - rate * decay);
        mean.mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
        square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var root = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, Count))).add_(Epsilon);
        parameter.addcdiv_(mean, root, -rate / (1 - Math.Pow(Beta1, Count)));
    }
}
