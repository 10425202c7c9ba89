using CnnTrainers.Architectures.Graph;
using CnnTrainers.Estimators;
using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Export;

/// <summary>From raw pixels to the scores of the classes: the network, and what a model has before and behind it.</summary>
internal static class OnnxScores
{
    /// <summary>Writes it all.</summary>
    /// <param name="onnx">Where to.</param>
    /// <param name="pixels">Raw pixels, N×C×H×W.</param>
    /// <param name="model">The network's description.</param>
    /// <param name="network">The network in eval mode, which no other thread uses.</param>
    /// <param name="logits">Whether the network's outputs for the image alone are wanted in place of probabilities.</param>
    /// <returns>The scores, N×classes, and what the last layer gets of the image alone, N×features, where the model has such a column.</returns>
    /// <exception cref="NotSupportedException">The network has something that cannot be written.</exception>
    public static (string Scores, string? Features) Write(IOnnxGraph onnx, string pixels, CnnModel model, nn.Module<Tensor, Tensor> network, bool logits)
    {
        var views = logits ? [default] : model.TestTimeAugmentation.Views(model.Shape);
        var images = Normalized(onnx, Viewed(onnx, pixels, views), model.Normalization);
        var (outputs, features) = OnnxNetwork.Write(NetworkGraph.Needed(network, model.Shape), onnx, images);
        if (model.Features is { } column && views.Count > 1 && features is not null)
            features = First(onnx, features, views.Count, column.Count);
        return (logits ? outputs : Averaged(onnx, onnx.Add("Softmax", null, [outputs], ("axis", 1L)), views.Count, model.Classes.Count), model.Features is null ? null : features);
    }

    /// <summary>Writes the normalisation of raw pixels.</summary>
    public static string Normalized(IOnnxGraph onnx, string pixels, Normalization normalization)
    {
        var mean = onnx.Constant("/mean", () => normalization.Mean, 1, normalization.Mean.Length, 1, 1);
        var std = onnx.Constant("/std", () => normalization.Std, 1, normalization.Std.Length, 1, 1);
        return onnx.Add("Div", "normalized", [onnx.Add("Sub", "centered", [pixels, mean]), std]);
    }

    // All views of all images, one view after another: views·N × C × H × W.
    private static string Viewed(IOnnxGraph onnx, string pixels, IReadOnlyList<Placement> views) =>
        views.Count == 1 ? pixels : onnx.Add("Concat", "views", [.. views.Select(view => Placed(onnx, pixels, view))], ("axis", 0L));

    private static string Placed(IOnnxGraph onnx, string pixels, Placement view)
    {
        if ((view.Down, view.Right) is not (0, 0))
            pixels = onnx.Add("Pad", null, [pixels, onnx.Constant($"/shift_{view.Down}_{view.Right}", 0, 0, -view.Down, -view.Right, 0, 0, view.Down, view.Right)]);
        return view.Mirrored
            ? onnx.Add("Slice", null, [pixels, onnx.Constant("/from_last", -1), onnx.Constant("/past_first", long.MinValue), onnx.Constant("/columns", 3), onnx.Constant("/backwards", -1)])
            : pixels;
    }

    private static string Averaged(IOnnxGraph onnx, string scores, int views, int classes) => views == 1 ? scores
        : onnx.Add("ReduceMean", null, [onnx.Add("Reshape", null, [scores, onnx.Constant("/by_view", views, -1, classes)])], ("axes", new long[] { 0 }), ("keepdims", 0L));

    // Of the first view, which is the image as it is.
    private static string First(IOnnxGraph onnx, string features, int views, int count)
    {
        var byView = onnx.Add("Reshape", null, [features, onnx.Constant("/features_by_view", views, -1, count)]);
        var first = onnx.Add("Slice", null, [byView, onnx.Constant("/first", 0), onnx.Constant("/second", 1), onnx.Constant("/views", 0)]);
        return onnx.Add("Reshape", null, [first, onnx.Constant("/features", -1, count)]);
    }
}
