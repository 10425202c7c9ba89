using System.Runtime.InteropServices;
using CnnTrainers.Estimators;
using CnnTrainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Inference;

/// <summary>Runs a network over raw planar pixels. Any number of threads may call one scorer.</summary>
internal sealed class Scorer(CnnModel model, SharedNetwork network)
{
    private readonly IReadOnlyList<Placement> _views = model.TestTimeAugmentation.Views(model.Shape);
    private long _runs;

    /// <summary>How often images were scored, over all threads.</summary>
    public long Runs => Interlocked.Read(ref _runs);

    /// <summary>The probabilities of some images.</summary>
    /// <param name="pixels">images × channels × height × width raw values.</param>
    /// <param name="images">How many images these are.</param>
    /// <param name="probabilities">Gets images × classes values.</param>
    public void Score(ReadOnlySpan<float> pixels, int images, Span<float> probabilities)
    {
        using var use = network.Use();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Interlocked.Increment(ref _runs);
        if (_views.Count == 1)
        {
            Probabilities(use.Network, pixels, images, default).bytes.CopyTo(MemoryMarshal.AsBytes(probabilities));
            return;
        }
        probabilities[..(images * model.Classes.Count)].Clear();
        foreach (var view in _views)
        {
            using var ofView = NewDisposeScope();
            var scores = MemoryMarshal.Cast<byte, float>(Probabilities(use.Network, pixels, images, view).bytes);
            for (var i = 0; i < scores.Length; i++)
                probabilities[i] += scores[i] / _views.Count;
        }
    }

    /// <summary>Raw pixels as the network takes them: normalised, N×C×H×W, channels last in memory.</summary>
    /// <param name="model">The network's description.</param>
    /// <param name="pixels">images × channels × height × width raw values.</param>
    /// <param name="images">How many images these are.</param>
    /// <param name="view">Where they are put.</param>
    public static Tensor Input(CnnModel model, ReadOnlySpan<float> pixels, int images, Placement view = default)
    {
        var (channels, height, width) = model.Shape;
        var memory = empty(images, height, width, channels, ScalarType.Float32);
        var normalized = MemoryMarshal.Cast<byte, float>(memory.bytes);
        var writer = new PixelWriter(model.Shape, model.Normalization);
        for (var (image, size) = (0, model.Shape.Size); image < images; image++)
            writer.Write(pixels.Slice(image * size, size), view, normalized.Slice(image * size, size));
        return memory.permute(0, 3, 1, 2);
    }

    private Tensor Probabilities(nn.Module<Tensor, Tensor> network, ReadOnlySpan<float> pixels, int images, Placement view) =>
        network.call(Input(model, pixels, images, view)).softmax(1).contiguous();
}
