using CnnTrainers.Kernels;
using static TorchSharp.torch;

namespace CnnTrainers.Architectures.Graph;

/// <summary>
/// Takes down what this thread's forward pass computes, between its creation and its disposal. Values are told apart by the addresses of
/// libtorch's tensors, which it keeps alive meanwhile, so that none is used again.
/// </summary>
internal sealed class GraphRecorder : IDisposable
{
    [ThreadStatic]
    private static GraphRecorder? _current;

    private readonly List<GraphNode> _nodes = [];
    private readonly Dictionary<nint, int> _values = [];
    private readonly List<TensorHold> _held = [];
    private bool _failed;

    /// <summary>Begins with the images.</summary>
    public GraphRecorder(Tensor input)
    {
        _current = this;
        Tell(new Operation.Input(), input);
    }

    /// <summary>This thread's, if it records.</summary>
    public static GraphRecorder? Current => _current;

    /// <summary>Takes down an operation. Its output may be an input that was changed in place.</summary>
    public void Tell(Operation operation, Tensor output, params ReadOnlySpan<Tensor> inputs)
    {
        List<int> places = [];
        foreach (var input in inputs)
        {
            _failed |= !_values.TryGetValue(TensorHold.AddressOf(input), out var place);
            places.Add(place);
        }
        Keep(output, _nodes.Count);
        _nodes.Add(new(operation, places, [.. output.shape.Skip(1).Select(size => (int)size)]));
    }

    /// <summary>Takes down that two tensors are one value.</summary>
    public void TellSame(Tensor output, Tensor input)
    {
        _failed |= !_values.TryGetValue(TensorHold.AddressOf(input), out var place);
        Keep(output, place);
    }

    /// <summary>The graph up to an output; null where something in it was not taken down.</summary>
    public NetworkGraph? Finish(Tensor output) =>
        _values.TryGetValue(TensorHold.AddressOf(output), out var place) && !_failed ? new(_nodes, place) : null;

    public void Dispose()
    {
        _current = null;
        _held.ForEach(hold => hold.Dispose());
    }

    private void Keep(Tensor value, int place)
    {
        _values[TensorHold.AddressOf(value)] = place;
        _held.Add(new TensorHold(value));
    }
}
