using System.Text.Encodings.Web;
using System.Text.Json;
using CnnTrainers.Estimators;
using CnnTrainers.Export.Format;
using Google.Protobuf;
using static TorchSharp.torch;
using ElementType = CnnTrainers.Export.Format.TensorProto.Types.DataType;

namespace CnnTrainers.Export;

/// <summary>
/// A trained network as an ONNX file: raw pixels in, N×C×H×W of any N, under the name of the feature column; out come probabilities and the
/// label as text, under the names of their columns.
/// </summary>
internal static class OnnxFile
{
    public const int Opset = 12, MLOpset = 2, FormatVersion = 7;

    private const string MLDomain = "ai.onnx.ml";

    // The metadata is read by people.
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's bytes.</summary>
    /// <exception cref="NotSupportedException">The network has something that cannot be written, or more weights than a file can hold.</exception>
    public static byte[] Write(CnnModel model, nn.Module<Tensor, Tensor> network, OnnxOptions options)
    {
        var onnx = new OnnxFileGraph();
        onnx.Graph.Name = model.Architecture.Name;
        var (channels, height, width) = model.Shape;
        var pixels = onnx.Input(model.FeatureColumnName, "Pixels as they are read, not normalised: planes of channels, rows, columns.", -1, channels, height, width);
        var (scores, features) = OnnxScores.Write(onnx, pixels, model, network, options.Logits);
        var label = Label(onnx, scores, model.Classes);
        onnx.Output(scores, model.ScoreColumnName, ElementType.Float, options.Logits ? "The network's outputs (logits)." : "Probabilities of the classes, in the order of the metadata's names.", -1, model.Classes.Count);
        onnx.Output(label, model.PredictedLabelColumnName, ElementType.String, "The class with the largest score.", -1);
        if (features is not null)
            onnx.Output(features, model.Features!.Name, ElementType.Float, "What the last layer gets.", -1, model.Features.Count);
        return Model(model, options, onnx.Graph).ToByteArray();
    }

    private static string Label(OnnxFileGraph onnx, string scores, ClassLabels classes)
    {
        var place = onnx.Add("ArgMax", null, [scores], ("axis", 1L), ("keepdims", 0L));
        long[] places = [.. Enumerable.Range(0, classes.Count)];
        return onnx.Add($"{MLDomain}.LabelEncoder", "label", [place], ("keys_int64s", places), ("values_strings", classes.Names.ToArray()), ("default_string", ""));
    }

    /// <summary>A file of a graph.</summary>
    public static ModelProto Model(GraphProto graph)
    {
        var proto = new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = "CnnTrainers",
            ProducerVersion = typeof(OnnxFile).Assembly.GetName().Version!.ToString(3),
            ModelVersion = 1,
            Graph = graph,
        };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = MLDomain, Version = MLOpset });
        return proto;
    }

    private static ModelProto Model(CnnModel model, OnnxOptions options, GraphProto graph)
    {
        var (names, normalization, proto) = (model.Classes.Names, model.Normalization, Model(graph));
        proto.DocString = options.Description ?? $"{model.Architecture.Name} for images of {model.Shape} (channels, height, width), {names.Count} classes: {string.Join(", ", names.Take(10))}{(names.Count > 10 ? ", …" : "")}.";
        void Add(string key, object value) => proto.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value as string ?? JsonSerializer.Serialize(value, _json) });
        Add("task", "image-classification");
        Add("architecture", model.Architecture.Name);
        Add("names", names);
        Add("mean", normalization.Mean);
        Add("std", normalization.Std);
        Add("normalization", "inside: (pixel - mean) / std");
        Add("test-time-augmentation", options.Logits ? TestTimeAugmentation.None.Name : model.TestTimeAugmentation.Name);
        return proto;
    }
}
