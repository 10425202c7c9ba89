using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Optimizers written in C#: groups with options, and a state for every parameter.</summary>
public abstract partial class OptimizerHelper : optim.Optimizer
{
    protected OptimizerOptions _defaults;
    protected OrderedDict<IntPtr, OptimizerState> _state = new();

    public OptimizerHelper() => _parameter_groups = new List<ParamGroup>();

    public override IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

    public override void zero_grad() => base.zero_grad();

    public override void add_param_group(ParamGroup param_group)
    {
        param_group.Parameters = param_group.Parameters.ToList();
        param_group.Options.Complete(_defaults);
        _parameter_groups.Add(param_group);
        foreach (var parameter in param_group.Parameters)
        {
            var state = NewState(parameter);
            state.Initialize(param_group.Options);
            _state.Add(parameter.Handle, state);
        }
    }

    public void to(Device device)
    {
        foreach (var state in _state.values()) state.to(device);
    }

    /// <summary>Runs the closure with gradients, then the body for every group without; what the body makes is disposed.</summary>
    protected Tensor _step<T>(Action<T> body, Func<Tensor> loss_closure = null) where T : ParamGroup
    {
        Tensor loss = null;
        if (loss_closure is not null)
        {
            using var gradients = enable_grad();
            loss = loss_closure();
        }
        using var guard = no_grad();
        foreach (var group in _parameter_groups)
        {
            using var scope = NewDisposeScope();
            body((T)group);
        }
        return loss;
    }

    private protected void DisposeStates()
    {
        foreach (var state in _state.values()) (state as IDisposable)?.Dispose();
        _state.Clear();
        _parameter_groups.Clear();
    }

    private protected abstract OptimizerState NewState(Parameter parameter);

    private protected static void CheckRate(double rate)
    {
        if (rate < 0.0) throw new ArgumentException($"Invalid learning rate: {rate}");
    }

    private protected static void CheckNotNegative(double value, string name)
    {
        if (value < 0.0) throw new ArgumentException($"Invalid {name} value: {value}");
    }
}
