using System.Runtime.InteropServices;
using CnnTrainers.Estimators;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Inference;

/// <summary>Runs a network over raw planar pixels. Any number of threads may call one scorer.</summary>
internal sealed class Scorer(CnnModel model, SharedNetwork network)
{
    private long _runs;

    /// <summary>How often the network was run, over all threads.</summary>
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
        var (shape, channels) = (model.Shape, model.Shape.Channels);
        var input = empty([images, channels, shape.Height, shape.Width]);
        MemoryMarshal.AsBytes(pixels).CopyTo(input.bytes);
        var mean = tensor(model.Normalization.Mean).reshape(1, channels, 1, 1);
        var std = tensor(model.Normalization.Std).reshape(1, channels, 1, 1);
        input.sub_(mean).div_(std);
        Interlocked.Increment(ref _runs);
        var scores = use.Network.call(input).softmax(1);
        scores.bytes.CopyTo(MemoryMarshal.AsBytes(probabilities));
    }
}
