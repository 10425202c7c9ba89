using CnnTrainers.Architectures.Graph;

namespace CnnTrainers.Inference.Plan;

/// <summary>What one step of a plan computes, after neighbouring operations of the graph have been put together.</summary>
internal abstract class Layer(int channels, int height, int width)
{
    /// <summary>The channels of the result.</summary>
    public int Channels { get; } = channels;

    /// <summary>Its height.</summary>
    public int Height { get; } = height;

    /// <summary>Its width.</summary>
    public int Width { get; } = width;

    /// <summary>Pixels of one image.</summary>
    public long Pixels => (long)Height * Width;

    /// <summary>What it reads.</summary>
    public List<Layer> Inputs { get; } = [];

    /// <summary>Where its result lies: some of the channels of another one's, from <see cref="Offset"/> on, or memory of its own where null.</summary>
    public Layer? Parent { get; set; }

    /// <inheritdoc cref="Parent"/>
    public int Offset { get; set; }

    /// <summary>The activation at its end.</summary>
    public ActivationKind Activation { get; set; }

    /// <summary>Another result that is added before the activation.</summary>
    public Layer? Added { get; set; }

    /// <summary>Whether its result is float32 in either precision.</summary>
    public bool IsWide { get; set; }

    /// <summary>Everything that it reads.</summary>
    public IEnumerable<Layer> Reads => Added is null ? Inputs : Inputs.Append(Added);

    /// <summary>Whether sums and activations may still be put at its end.</summary>
    public virtual bool TakesMore => false;

    /// <summary>Whether it is a step; others only say where numbers lie.</summary>
    public virtual bool IsStep => true;
}

/// <summary>The images.</summary>
internal sealed class InputLayer(int channels, int height, int width) : Layer(channels, height, width)
{
    public override bool IsStep => false;
}

/// <summary>A convolution or a product with a matrix, which is a convolution as large as its input.</summary>
internal sealed class ConvolutionLayer(int channels, int height, int width, float[] weights, float[] bias) : Layer(channels, height, width)
{
    public required Pair Kernel { get; init; }

    public required Pair Stride { get; init; }

    public required Pair Padding { get; init; }

    public required int Groups { get; init; }

    /// <summary>Outputs × inputs of a group × height × width.</summary>
    public float[] Weights { get; } = weights;

    public float[] Bias { get; } = bias;

    /// <summary>Whether the outputs may be scaled yet.</summary>
    public override bool TakesMore => Activation == ActivationKind.None && Added is null;

    /// <summary>What its inputs go through first, with a ReLU; null for nothing.</summary>
    public (float[] Scale, float[] Shift)? Before { get; set; }

    /// <summary>Scales and shifts its outputs.</summary>
    public void Scale(Func<int, double> scale, Func<int, double> shift)
    {
        var size = Weights.Length / Channels;
        for (var o = 0; o < Channels; o++)
        {
            var factor = scale(o);
            for (var i = o * size; i < (o + 1) * size; i++)
                Weights[i] = (float)(Weights[i] * factor);
            Bias[o] = (float)(Bias[o] * factor + shift(o));
        }
    }
}

/// <summary>x · scale + shift for each channel, null for no change; a sum and an activation may follow.</summary>
internal sealed class AffineLayer(Layer x) : Layer(x.Channels, x.Height, x.Width)
{
    public (float[] Scale, float[] Shift)? Affine { get; init; }

    public override bool TakesMore => Activation == ActivationKind.None && Added is null;
}

/// <summary>Windows' largest numbers or means.</summary>
internal sealed class PoolLayer(int channels, int height, int width) : Layer(channels, height, width)
{
    public required int Kind { get; init; }

    public required Pair Kernel { get; init; }

    public required Pair Stride { get; init; }

    public required Pair Padding { get; init; }

    /// <inheritdoc cref="ConvolutionLayer.Before"/>
    public (float[] Scale, float[] Shift)? Before { get; set; }
}

/// <summary>A product, number by number.</summary>
internal sealed class ProductLayer(Layer x) : Layer(x.Channels, x.Height, x.Width);

/// <summary>Channels of groups in turns.</summary>
internal sealed class ShuffleLayer(Layer x, int groups) : Layer(x.Channels, x.Height, x.Width)
{
    public int Groups { get; } = groups;
}

/// <summary>The channels of all its inputs: they are computed where they belong.</summary>
internal sealed class ConcatenationLayer(int channels, int height, int width) : Layer(channels, height, width)
{
    public override bool IsStep => false;
}

/// <summary>Some channels of another result.</summary>
internal sealed class SliceLayer(int channels, int height, int width) : Layer(channels, height, width)
{
    public override bool IsStep => false;
}
