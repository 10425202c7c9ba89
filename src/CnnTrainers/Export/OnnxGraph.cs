using CnnTrainers.Architectures;
using CnnTrainers.Architectures.Graph;
using CnnTrainers.Estimators;
using CnnTrainers.Export.Format;
using CnnTrainers.Inference;
using CnnTrainers.Persistence;
using Google.Protobuf;

namespace CnnTrainers.Export;

/// <summary>
/// A network's graph without its weights, from raw pixels to logits, in ONNX's format: what a model file has beside the weights, so that ONNX
/// Runtime can score where libtorch is not.
/// </summary>
internal static class OnnxGraph
{
    public const string Pixels = "pixels", Logits = "logits", Features = "features";

    /// <summary>Writes it; null where the network has something that ONNX has no operation for, or that nobody can vouch for.</summary>
    public static byte[]? TryWrite(CnnModel model, SharedNetwork network)
    {
        // A network of somebody else's may change numbers unseen. Its plan was compared with it; where there is none, nothing was.
        if (model.Architecture is CustomArchitecture)
        {
            using var use = network.Use();
            if (use.PlanFor(CnnPrecision.Float32) is null)
                return null;
        }
        using var blank = SharedNetwork.Build(model);
        blank.eval();
        if (NetworkGraph.Of(blank, model.Shape) is not { } graph)
            return null;
        try
        {
            var onnx = new OnnxFileGraph(hasWeights: false);
            var (channels, height, width) = model.Shape;
            var pixels = onnx.Input(Pixels, "Raw pixels.", -1, channels, height, width);
            var (logits, features) = OnnxNetwork.Write(graph, onnx, OnnxScores.Normalized(onnx, pixels, model.Normalization));
            onnx.Output(logits, Logits, TensorProto.Types.DataType.Float, "The network's outputs.", -1, model.Classes.Count);
            if (features is not null)
                onnx.Output(features, Features, TensorProto.Types.DataType.Float, "What the last layer gets.", -1, graph.Nodes[graph.BeforeHead!.Value].Shape[0]);
            onnx.Graph.Name = model.Architecture.Name;
            return OnnxFile.Model(onnx.Graph).ToByteArray();
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>How many features a graph gives; null where it gives none.</summary>
    public static int? FeaturesOf(byte[] graph) => (int?)ModelProto.Parser.ParseFrom(graph).Graph.Output.SingleOrDefault(output => output.Name == Features)?.Type.TensorType.Shape.Dim[1].DimValue;

    /// <summary>Why a model may have none, in words that may follow a colon.</summary>
    public static string WhyNot(CnnModel model) => model.Architecture is CustomArchitecture
        ? $"'{model.Architecture.Name}' is a network of one's own, with layers that ONNX has no operation for, or that could not be compared with what was recorded."
        : "the model file has no graph: it was saved by an older version. Load it where libtorch is there, and save it again.";

    /// <summary>The graph with its weights, as ONNX Runtime takes it. It shares the weights' memory.</summary>
    /// <exception cref="InvalidDataException">It is no graph, or the weights do not fit it.</exception>
    public static ModelProto WithWeights(byte[] graph, StoredWeights weights)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(graph);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new InvalidDataException($"{NetworkFile.GraphName} is damaged: {fault.Message}", fault);
        }
        var values = weights.Tensors.ToDictionary(item => item.Name);
        foreach (var tensor in (model.Graph ?? throw new InvalidDataException($"{NetworkFile.GraphName} is damaged: it has no graph.")).Initializer.Where(tensor => !OnnxFileGraph.IsOwn(tensor.Name)))
        {
            if (!values.TryGetValue(tensor.Name, out var item) || item.Type != "F32" || !item.Shape.SequenceEqual(tensor.Dims))
                throw new InvalidDataException($"{NetworkFile.GraphName} does not fit {NetworkFile.WeightsName}: expected {tensor.Name} as F32 [{string.Join(", ", tensor.Dims)}], got {(item is null ? "none" : $"{item.Type} [{string.Join(", ", item.Shape)}]")}.");
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(item.Values);
        }
        return model;
    }
}
