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
    private readonly Dictionary<nint, (int Place, long Version)> _values = [];
    private readonly Dictionary<nint, string> _unknown = [];
    private readonly List<TensorHold> _held = [];

    /// <summary>Begins with the images.</summary>
    public GraphRecorder(Tensor input)
    {
        _current = this;
        Tell(new Operation.Input(), input);
    }

    /// <summary>This thread's, if it records.</summary>
    public static GraphRecorder? Current => _current;

    /// <summary>What the network computes that cannot be taken down, for messages: the first of it that the output depends on.</summary>
    public string? Unknown { get; private set; }

    /// <summary>Takes down an operation. Its output may be an input that was changed in place.</summary>
    public void Tell(Operation operation, Tensor output, params ReadOnlySpan<Tensor> inputs)
    {
        List<int> places = [];
        foreach (var input in inputs)
            places.Add(PlaceOf(input, mayBeWritten: TensorHold.AddressOf(input) == TensorHold.AddressOf(output)));
        Keep(output, _nodes.Count);
        _nodes.Add(new(operation, places, [.. output.shape.Skip(1).Select(size => (int)size)]));
    }

    /// <summary>Takes down that two tensors are one value.</summary>
    public void TellSame(Tensor output, Tensor input) => Keep(output, PlaceOf(input));

    /// <summary>Takes down that a layer is not known here. What it is made of may be.</summary>
    public void TellUnknown(string layer, Tensor output)
    {
        var address = TensorHold.AddressOf(output);
        if (_values.TryGetValue(address, out var value) && value.Version == Operators.Version(output))
            return;
        _values.Remove(address);
        _unknown[address] = layer;
        _held.Add(new TensorHold(output));
    }

    /// <summary>The graph up to an output; null where something in it was not taken down.</summary>
    public NetworkGraph? Finish(Tensor output)
    {
        var place = PlaceOf(output);
        return Unknown is null ? new(_nodes, place) : null;
    }

    public void Dispose()
    {
        _current = null;
        _held.ForEach(hold => hold.Dispose());
    }

    // A value that was written since it was taken down is another one, unless the operation that is told of did it, in place.
    private int PlaceOf(Tensor value, bool mayBeWritten = false)
    {
        if (!_values.TryGetValue(TensorHold.AddressOf(value), out var known))
            Unknown ??= _unknown.GetValueOrDefault(TensorHold.AddressOf(value), "an operation outside its layers");
        else if (Operators.Version(value) - known.Version is var writes && writes != 0 && !(mayBeWritten && writes == 1))
            Unknown ??= "an operation in place outside its layers";
        return known.Place;
    }

    private void Keep(Tensor value, int place)
    {
        _values[TensorHold.AddressOf(value)] = (place, Operators.Version(value));
        _held.Add(new TensorHold(value));
    }
}
