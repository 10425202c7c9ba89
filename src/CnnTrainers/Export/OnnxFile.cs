using System.Text.Encodings.Web;
using System.Text.Json;
using CnnTrainers.Architectures.Graph;
using CnnTrainers.Estimators;
using CnnTrainers.Export.Format;
using CnnTrainers.Training;
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
        var views = options.Logits ? [default] : model.TestTimeAugmentation.Views(model.Shape);
        var images = Normalized(onnx, Viewed(onnx, pixels, views), model.Normalization);
        var logits = OnnxNetwork.Write(NetworkGraph.Needed(network, model.Shape), onnx, images);
        var scores = options.Logits ? logits : Averaged(onnx, onnx.Add("Softmax", null, [logits], ("axis", 1L)), views.Count, model.Classes.Count);
        var label = Label(onnx, scores, model.Classes);
        onnx.Output(scores, model.ScoreColumnName, ElementType.Float, options.Logits ? "The network's outputs (logits)." : "Probabilities of the classes, in the order of the metadata's names.", -1, model.Classes.Count);
        onnx.Output(label, model.PredictedLabelColumnName, ElementType.String, "The class with the largest score.", -1);
        return Model(model, options, onnx.Graph).ToByteArray();
    }

    private static string Normalized(OnnxFileGraph onnx, string pixels, Normalization normalization)
    {
        var mean = onnx.Constant("/mean", () => normalization.Mean, 1, normalization.Mean.Length, 1, 1);
        var std = onnx.Constant("/std", () => normalization.Std, 1, normalization.Std.Length, 1, 1);
        return onnx.Add("Div", "normalized", [onnx.Add("Sub", "centered", [pixels, mean]), std]);
    }

    // All views of all images, one view after another: views·N × C × H × W.
    private static string Viewed(OnnxFileGraph onnx, string pixels, IReadOnlyList<Placement> views) =>
        views.Count == 1 ? pixels : onnx.Add("Concat", "views", [.. views.Select(view => Placed(onnx, pixels, view))], ("axis", 0L));

    private static string Placed(OnnxFileGraph onnx, string pixels, Placement view)
    {
        if ((view.Down, view.Right) is not (0, 0))
            pixels = onnx.Add("Pad", null, [pixels, onnx.Constant($"/shift_{view.Down}_{view.Right}", 0, 0, -view.Down, -view.Right, 0, 0, view.Down, view.Right)]);
        return view.Mirrored
            ? onnx.Add("Slice", null, [pixels, onnx.Constant("/from_last", -1), onnx.Constant("/past_first", long.MinValue), onnx.Constant("/columns", 3), onnx.Constant("/backwards", -1)])
            : pixels;
    }

    private static string Averaged(OnnxFileGraph onnx, string scores, int views, int classes) => views == 1 ? scores
        : onnx.Add("ReduceMean", null, [onnx.Add("Reshape", null, [scores, onnx.Constant("/by_view", views, -1, classes)])], ("axes", new long[] { 0 }), ("keepdims", 0L));

    private static string Label(OnnxFileGraph onnx, string scores, ClassLabels classes)
    {
        var place = onnx.Add("ArgMax", null, [scores], ("axis", 1L), ("keepdims", 0L));
        long[] places = [.. Enumerable.Range(0, classes.Count)];
        return onnx.Add($"{MLDomain}.LabelEncoder", "label", [place], ("keys_int64s", places), ("values_strings", classes.Names.ToArray()), ("default_string", ""));
    }

    private static ModelProto Model(CnnModel model, OnnxOptions options, GraphProto graph)
    {
        var (names, normalization) = (model.Classes.Names, model.Normalization);
        var proto = new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = "CnnTrainers",
            ProducerVersion = typeof(OnnxFile).Assembly.GetName().Version!.ToString(3),
            ModelVersion = 1,
            DocString = options.Description ?? $"{model.Architecture.Name} for images of {model.Shape} (channels, height, width), {names.Count} classes: {string.Join(", ", names.Take(10))}{(names.Count > 10 ? ", …" : "")}.",
            Graph = graph,
        };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = MLDomain, Version = MLOpset });
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
