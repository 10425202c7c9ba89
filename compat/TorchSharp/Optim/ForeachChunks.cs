using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Parameters, gradients and states of a few parameters, changed together by libtorch's operators on lists. On a processor a chunk
/// is small enough that it stays in its cache from one operator to the next; a graphics card takes all in one.
/// </summary>
internal sealed class Chunk<TState> where TState : OptimizerState
{
    private const long CpuElements = 1 << 18;

    private Chunk(List<TState> states, List<Tensor> gradients)
    {
        States = [.. states];
        Parameters = states.Select(state => (Tensor)state.Parameter).ToArray();
        Gradients = [.. gradients];
    }

    public TState[] States { get; }

    public Tensor[] Parameters { get; }

    public Tensor[] Gradients { get; private set; }

    /// <summary>The states that have a gradient, in chunks whose members have the same key (the count of steps).</summary>
    internal static IEnumerable<Chunk<TState>> Of(IEnumerable<TState> all, Func<TState, long> key)
    {
        var (states, gradients, elements) = (new List<TState>(), new List<Tensor>(), 0L);
        foreach (var state in all)
        {
            if (state.Parameter.grad is not { } gradient) continue;
            var size = state.Parameter.is_cuda ? 0 : state.Parameter.NumberOfElements;
            if (states.Count > 0 && (elements + size > CpuElements || key(state) != key(states[0])))
            {
                yield return new(states, gradients);
                (states, gradients, elements) = ([], [], 0);
            }
            states.Add(state);
            gradients.Add(gradient);
            elements += size;
        }
        if (states.Count > 0) yield return new(states, gradients);
    }

    public Tensor[] Buffers(Func<TState, Tensor> buffer) => Array.ConvertAll(States, state => buffer(state));

    public void NegateGradients() => Gradients = Op.CallMany("aten::_foreach_neg", Gradients);

    /// <summary>gradient + factor × addend, as new tensors: the gradients themselves stay as they are.</summary>
    public void AddToGradients(Tensor[] addends, double factor) => Gradients = Lists.Add(Gradients, addends, factor);
}

/// <summary>Arithmetic on lists of tensors.</summary>
internal static class Lists
{
    internal static Tensor[] Add(Tensor[] left, Tensor[] right, double factor) => Op.CallMany("aten::_foreach_add.List", left, right, factor);

    internal static void AddInPlace(Tensor[] left, Tensor[] right, double factor) => Op.CallVoid("aten::_foreach_add_.List", left, right, factor);

    internal static void AddInPlace(Tensor[] left, double value) => Op.CallVoid("aten::_foreach_add_.Scalar", left, value);

    internal static void MultiplyInPlace(Tensor[] left, double factor) => Op.CallVoid("aten::_foreach_mul_.Scalar", left, factor);

    internal static void DivideInPlace(Tensor[] left, double divisor) => Op.CallVoid("aten::_foreach_div_.Scalar", left, divisor);

    internal static Tensor[] SquareRoot(Tensor[] list) => Op.CallMany("aten::_foreach_sqrt", list);

    internal static void AddProductInPlace(Tensor[] left, Tensor[] first, Tensor[] second, double factor) =>
        Op.CallVoid("aten::_foreach_addcmul_.Scalar", left, first, second, factor);

    internal static Tensor[] AddProduct(Tensor[] left, Tensor[] first, Tensor[] second, double factor) =>
        Op.CallMany("aten::_foreach_addcmul.Scalar", left, first, second, factor);

    internal static void AddQuotientInPlace(Tensor[] left, Tensor[] dividends, Tensor[] divisors, double factor) =>
        Op.CallVoid("aten::_foreach_addcdiv_.Scalar", left, dividends, divisors, factor);
}
