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
    private readonly bool _isOnCard;

    /// <summary>Makes the state, all zero.</summary>
    /// <param name="groups">What changes.</param>
    /// <param name="isOnCard">Whether each group's step is computed at once, as it is quicker on a card.</param>
    /// <param name="states">The kinds of state.</param>
    protected OptimizerSteps(IReadOnlyList<ParameterGroup> groups, bool isOnCard, params IReadOnlyList<string> states)
    {
        using var noGrad = no_grad();
        (Groups, Parameters) = (groups, [.. groups.SelectMany(group => group.Parameters)]);
        _states = states.ToDictionary(name => name, IReadOnlyList<Tensor> (_) =>
            [.. Parameters.Select(parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope())]);
        _isOnCard = isOnCard;
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
    /// <param name="notFinite">On a card: where it is not 0, the parameters stay as they are.</param>
    public void Step(double factor, Tensor? notFinite = null)
    {
        using var noGrad = no_grad();
        Count++;
        var at = 0;
        foreach (var group in Groups)
        {
            if (_isOnCard)
            {
                StepAtOnce(group, at, factor, notFinite);
                at += group.Parameters.Count;
                continue;
            }
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
    public virtual void Dispose()
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

    /// <summary>Changes some parameters with one rate and one decay, on a card.</summary>
    /// <param name="numbers">Theirs.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradients">Their gradients, laid out as they are.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">The weight decay.</param>
    /// <param name="notFinite">Where it is not 0, nothing happens.</param>
    protected abstract void UpdateAtOnce(
        IReadOnlyList<int> numbers, IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients, double rate, double decay, Tensor? notFinite);

    private void StepAtOnce(ParameterGroup group, int first, double factor, Tensor? notFinite)
    {
        using var scope = NewDisposeScope();
        var (numbers, parameters, gradients) = (new List<int>(), new List<Tensor>(), new List<Tensor>());
        foreach (var (at, parameter) in group.Parameters.Index())
        {
            if (parameter.grad is not { } gradient)
                continue;
            numbers.Add(first + at);
            parameters.Add(parameter);
            // The convolutions' gradients may lie otherwise than they, of which the operators know nothing.
            gradients.Add(gradient.stride().AsSpan().SequenceEqual(parameter.stride()) ? gradient : empty_like(parameter, requires_grad: false).copy_(gradient));
        }
        if (numbers.Count > 0)
            UpdateAtOnce(numbers, parameters, gradients, group.Rate * factor, group.Decay, notFinite);
    }
}

/// <summary>PyTorch's SGD: the rate scales the momentum too.</summary>
internal sealed class SgdSteps(IReadOnlyList<ParameterGroup> groups, double momentum, bool nesterov, bool isOnCard = false)
    : OptimizerSteps(groups, isOnCard, momentum > 0 ? ["momentum"] : [])
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

    /// <inheritdoc/>
    protected override void UpdateAtOnce(
        IReadOnlyList<int> numbers, IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients, double rate, double decay, Tensor? notFinite) =>
        Operators.Sgd(parameters, gradients, _momentum > 0 ? [.. numbers.Select(at => StateOf("momentum")[at])] : [], rate, _momentum, nesterov, decay, notFinite);
}

/// <summary>PyTorch's AdamW with β = (0.9, 0.999) and ε = 1e-8.</summary>
internal sealed class AdamWSteps(IReadOnlyList<ParameterGroup> groups, bool isOnCard = false) : OptimizerSteps(groups, isOnCard, "exp_avg", "exp_avg_sq")
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private Tensor? _count; // on a card

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

    /// <inheritdoc/>
    protected override void UpdateAtOnce(
        IReadOnlyList<int> numbers, IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients, double rate, double decay, Tensor? notFinite)
    {
        _count ??= parameters[0].new_zeros(1).DetachFromDisposeScope();
        _count.fill_(Count);
        Operators.AdamW(
            parameters, gradients, [.. numbers.Select(at => StateOf("exp_avg")[at])], [.. numbers.Select(at => StateOf("exp_avg_sq")[at])], _count, rate, Beta1,
            Beta2, Epsilon, decay, notFinite);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _count?.Dispose();
    }
}
