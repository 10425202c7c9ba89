using CnnTrainers.Kernels;
using static TorchSharp.torch;

namespace CnnTrainers.Distributed;

/// <summary>
/// Places in a network at which the backward pass tells that it has come so far: before every module that has some parameters. What was computed
/// after such a place has its gradients when the pass is there, as libtorch goes backwards in the order of the forward pass.
/// </summary>
internal sealed class Gates : IDisposable
{
    private readonly List<Action> _removals = [];
    private readonly Action _passed;

    /// <summary>Puts them in.</summary>
    /// <param name="network">The network.</param>
    /// <param name="leastBytes">Of the parameters of a module with a gate.</param>
    /// <param name="passed">Called at each, on the thread of the backward pass.</param>
    public Gates(nn.Module network, long leastBytes, Action passed)
    {
        _passed = passed;
        foreach (var module in network.modules().Distinct().OfType<nn.Module<Tensor, Tensor>>().Where(module => module.parameters().Sum(parameter => parameter.numel() * parameter.ElementSize) >= leastBytes))
        {
            var hook = module.register_forward_pre_hook((_, x) => IsOpen && x.requires_grad ? Gate.Apply(x, _passed) : x);
            _removals.Add(hook.remove);
        }
    }

    /// <summary>Whether they tell.</summary>
    public bool IsOpen { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _removals.ForEach(remove => remove());

    /// <summary>x, as it is.</summary>
    private sealed class Gate : FusedFunction<Gate, Action>
    {
        public static Tensor Apply(Tensor x, Action passed) => Apply(passed, x)[0];

        protected override (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, Action passed) => ([inputs[0]!.alias()], []);

        protected override Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, Action passed, bool[] wanted)
        {
            passed();
            return [outputs[0]];
        }

        protected override Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, Action passed, bool[] wanted) => [outputs[0]];
    }
}
