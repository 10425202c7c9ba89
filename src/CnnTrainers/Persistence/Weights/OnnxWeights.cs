using System.Runtime.InteropServices;
using CnnTrainers.Export.Format;
using CnnTrainers.Training;
using Google.Protobuf;
using static TorchSharp.torch;

namespace CnnTrainers.Persistence.Weights;

/// <summary>
/// Weights in ONNX files: by name where the names are torchvision's; else those of the ResNet18 that the NuGet package
/// Microsoft.ML.DnnImageFeaturizer.ResNet18 has, by what reads what, as its names say nothing.
/// </summary>
internal static class OnnxWeights
{
    private const string FirstConvolution = "conv1.weight";

    // The file subtracts a mean image, blue first. This is its mean colour, red first, which images of any size can be normalised by.
    private static readonly Normalization _meanColour = new([123.152f, 115.903f, 103.063f], [1, 1, 1]);

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">It is no ONNX file, or has neither of the two kinds of weights.</exception>
    public static WeightArchive Open(string path, FileStream file)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        GraphProto graph = model.Graph ?? throw new InvalidDataException("it has no graph.");
        Dictionary<string, TensorProto> tensors = graph.Initializer.Where(IsFloat).DistinctBy(tensor => tensor.Name).ToDictionary(tensor => tensor.Name);
        if (tensors.Keys.Any(name => name.EndsWith(".weight", StringComparison.Ordinal)))
            return new WeightArchive(path, [.. tensors.Values.Where(tensor => !tensor.Name.StartsWith('/')).Select(tensor => Entry(tensor.Name, tensor))], file);
        return new WeightArchive(path, [.. Featurizer(path, graph, tensors)], file) { Normalization = _meanColour };
    }

    private static bool IsFloat(TensorProto tensor) => tensor.DataType == (int)TensorProto.Types.DataType.Float;

    private static WeightEntry Entry(string name, TensorProto tensor)
    {
        float[] values = Values(tensor);
        return new WeightEntry(name, ScalarType.Float32, [.. tensor.Dims], null, bytes => MemoryMarshal.AsBytes(values.AsSpan())[..bytes.Length].CopyTo(bytes));
    }

    private static float[] Values(TensorProto tensor)
    {
        float[] values = tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];
        return values.Length == tensor.Dims.Aggregate(1L, (product, size) => product * size) ? values
            : throw new InvalidDataException(FormattableString.Invariant($"the tensor {tensor.Name} of shape [{string.Join(", ", tensor.Dims)}] has {values.Length:N0} values."));
    }

    // In the graph's order: a 7×7 convolution is the first; a 1×1 one opens the next stage, and stands in its first block's shortcut; 3×3 ones are
    // the first and the second of the blocks in turn.
    private static IEnumerable<WeightEntry> Featurizer(string path, GraphProto graph, Dictionary<string, TensorProto> tensors)
    {
        var norms = graph.Node.Where(node => node.OpType == "BatchNormalization" && node.Input.Count == 5).ToLookup(node => node.Input[0]);
        var (stage, block, inBlock) = (1, 0, 0);
        foreach (NodeProto node in graph.Node.Where(node => node.OpType == "Conv"))
        {
            if (node.Input.Count < 2 || !tensors.TryGetValue(node.Input[1], out TensorProto? weight) || weight.Dims is not [_, _, var kernel, _] || norms[node.Output[0]].FirstOrDefault() is not { } norm)
                throw Unknown(path);
            string convolution, name;
            switch (kernel)
            {
                case 7:
                    (convolution, name) = ("conv1", "bn1");
                    break;
                case 1:
                    (stage, block, inBlock) = (stage + 1, 0, 0);
                    (convolution, name) = ($"layer{stage}.0.downsample.0", $"layer{stage}.0.downsample.1");
                    break;
                case 3:
                    if (++inBlock > 2)
                        (block, inBlock) = (block + 1, 1);
                    (convolution, name) = ($"layer{stage}.{block}.conv{inBlock}", $"layer{stage}.{block}.bn{inBlock}");
                    break;
                default:
                    throw Unknown(path);
            }
            yield return Entry($"{convolution}.weight", kernel == 7 ? RedFirst(weight) : weight);
            string[] parts = ["weight", "bias", "running_mean", "running_var"];
            for (int i = 0; i < parts.Length; i++)
                yield return Entry($"{name}.{parts[i]}", tensors.GetValueOrDefault(norm.Input[i + 1]) ?? throw Unknown(path));
        }
        if (stage == 1)
            throw Unknown(path);
    }

    // The file takes blue, green, red.
    private static TensorProto RedFirst(TensorProto weight)
    {
        if (weight.Dims is not [var outputs, 3, var height, var width]) throw new InvalidDataException($"{FirstConvolution} is [{string.Join(", ", weight.Dims)}], expected 3 input channels.");
        float[] values = Values(weight);
        int plane = (int)(height * width);
        for (int output = 0; output < outputs; output++)
        {
            Span<float> blue = values.AsSpan(3 * output * plane, plane), red = values.AsSpan((3 * output + 2) * plane, plane);
            for (int i = 0; i < plane; i++) (blue[i], red[i]) = (red[i], blue[i]);
        }
        var turned = new TensorProto { Name = weight.Name, DataType = weight.DataType, RawData = UnsafeByteOperations.UnsafeWrap(MemoryMarshal.AsBytes(values.AsSpan()).ToArray()) };
        turned.Dims.AddRange(weight.Dims);
        return turned;
    }

    private static InvalidDataException Unknown(string path) => new(
        $"{path}: the weights of this ONNX file cannot be told apart: expected torchvision's names (layer1.0.conv1.weight), or the ResNet18 of the package Microsoft.ML.DnnImageFeaturizer.ResNet18.");
}
