using System.Runtime.InteropServices;
using CnnTrainers.Export.Format;
using Google.Protobuf;

namespace CnnTrainers.Export;

/// <summary>A graph of a file of ours.</summary>
/// <param name="hasWeights">Whether the network's weights have values in it, or only names and shapes.</param>
internal sealed class OnnxFileGraph(bool hasWeights = true) : IOnnxGraph
{
    private readonly HashSet<string> _constants = [];
    private readonly Dictionary<string, int> _counts = [];
    private long _bytes;

    /// <summary>What a file may hold: the format's lengths are numbers of 31 bits.</summary>
    public const long MostBytes = int.MaxValue - (1 << 20);

    public GraphProto Graph { get; } = new();

    /// <summary>Whether a constant is no weight of the network.</summary>
    public static bool IsOwn(string constant) => constant.StartsWith('/');

    /// <summary>Declares an input of float32 numbers of any batch size.</summary>
    public string Input(string name, string description, params IReadOnlyList<long> shape)
    {
        Graph.Input.Add(Value(name, TensorProto.Types.DataType.Float, description, shape));
        return name;
    }

    /// <summary>Declares that a value is an output, under a name of its own.</summary>
    public void Output(string value, string name, TensorProto.Types.DataType type, string description, params IReadOnlyList<long> shape)
    {
        // The operation that gives it may be read by others too.
        foreach (var node in Graph.Node)
        {
            Rename(node.Input, value, name);
            Rename(node.Output, value, name);
        }
        Graph.Output.Add(Value(name, type, description, shape));
    }

    public string Add(string type, string? name, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes)
    {
        var dot = type.LastIndexOf('.');
        var node = new NodeProto { OpType = type[(dot + 1)..], Domain = dot < 0 ? "" : type[..dot] };
        node.Name = string.IsNullOrEmpty(name) ? Numbered(node.OpType) : name;
        node.Input.AddRange(inputs);
        node.Output.Add(Numbered("/value"));
        node.Attribute.AddRange(attributes.Select(Attribute));
        Graph.Node.Add(node);
        return node.Output[0];
    }

    /// <exception cref="NotSupportedException">There are more weights than a file can hold.</exception>
    public string Constant(string name, Func<float[]> values, params IReadOnlyList<long> shape)
    {
        if (!_constants.Add(name))
            return name;
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float };
        tensor.Dims.AddRange(shape);
        _bytes += sizeof(float) * shape.Aggregate(1L, (product, size) => product * size);
        if (_bytes > MostBytes)
            throw new NotSupportedException($"The network has more than {MostBytes >> 20} MiB of weights, which is all that an ONNX file can hold.");
        if (hasWeights || IsOwn(name))
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(MemoryMarshal.AsBytes(values().AsSpan()).ToArray());
        Graph.Initializer.Add(tensor);
        return name;
    }

    public string Constant(string name, params IReadOnlyList<long> values)
    {
        if (!_constants.Add(name))
            return name;
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Dims.Add(values.Count);
        tensor.Int64Data.AddRange(values);
        Graph.Initializer.Add(tensor);
        return name;
    }

    private string Numbered(string kind)
    {
        var count = _counts.GetValueOrDefault(kind);
        _counts[kind] = count + 1;
        return $"{kind}_{count}";
    }

    private static void Rename(IList<string> values, string from, string to)
    {
        for (var i = 0; i < values.Count; i++)
            if (values[i] == from)
                values[i] = to;
    }

    // A size of -1 is the batch's.
    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, string description, IReadOnlyList<long> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var size in shape)
            dimensions.Dim.Add(size < 0 ? new TensorShapeProto.Types.Dimension { DimParam = "N" } : new TensorShapeProto.Types.Dimension { DimValue = size });
        return new() { Name = name, DocString = description, Type = new() { TensorType = new() { ElemType = (int)type, Shape = dimensions } } };
    }

    private static AttributeProto Attribute(OnnxAttribute attribute)
    {
        var proto = new AttributeProto { Name = attribute.Name };
        switch (attribute.Value)
        {
            case float value:
                (proto.Type, proto.F) = (AttributeProto.Types.AttributeType.Float, value);
                break;
            case long value:
                (proto.Type, proto.I) = (AttributeProto.Types.AttributeType.Int, value);
                break;
            case string value:
                (proto.Type, proto.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(value));
                break;
            case long[] values:
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                proto.Ints.AddRange(values);
                break;
            case string[] values:
                proto.Type = AttributeProto.Types.AttributeType.Strings;
                proto.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
                break;
            case var other:
                throw new ArgumentException($"An attribute of ONNX cannot be a {other.GetType()}.", nameof(attribute));
        }
        return proto;
    }
}
