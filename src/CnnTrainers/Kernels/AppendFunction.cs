using static TorchSharp.torch;

namespace CnnTrainers.Kernels;

/// <summary>Of the channels of a concatenation that grows in place: how many there is room for, and what norms want to know of those that are there.</summary>
internal sealed class ChannelMoments(long width)
{
    private long _taken;

    /// <summary>Channels that there is room for.</summary>
    public long Width { get; } = width;

    /// <summary>Of each channel over all pixels of all images.</summary>
    public double[] Means { get; } = new double[width];

    /// <inheritdoc cref="Means"/>
    public double[] Variances { get; } = new double[width];

    /// <summary>Takes the channels from <paramref name="used"/> on, where they are free.</summary>
    public bool Claim(long used, long more)
    {
        lock (Means)
        {
            if (_taken != used || used + more > Width)
                return false;
            _taken = used + more;
            return true;
        }
    }
}

/// <summary>
/// cat([x, more], 1), in the memory of x where that has room behind its channels. Results share memory, so that nothing may be changed in place.
/// </summary>
internal sealed class AppendFunction : FusedFunction<AppendFunction, AppendFunction.Settings>
{
    /// <summary>What it is given.</summary>
    /// <param name="Channels">Of x.</param>
    /// <param name="Moments">Of the result.</param>
    /// <param name="OfX">Of x, where they are known; the same object as those of the result where x is continued.</param>
    public sealed record Settings(long Channels, ChannelMoments Moments, ChannelMoments? OfX);

    /// <summary>Applies it where <see cref="Fused"/> has found that the loops take the tensors.</summary>
    public static Tensor Apply(Tensor x, Tensor more, Settings settings) => Apply(settings, x, more)[0];

    /// <inheritdoc/>
    protected override unsafe (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, Settings settings)
    {
        var (moments, ofX) = (settings.Moments, settings.OfX);
        if (ofX is not null && ofX != moments)
        {
            Array.Copy(ofX.Means, moments.Means, settings.Channels);
            Array.Copy(ofX.Variances, moments.Variances, settings.Channels);
        }
        nint result;
        fixed (double* means = moments.Means, variances = moments.Variances)
        {
            Native.Check(Native.cnn_append(
                inputs[0]!.Handle, inputs[1]!.Handle, moments.Width, ofX == moments ? 1 : 0, ofX is null ? 0 : 1, means, variances, out result));
        }
        return ([Fused.Own(result)], []);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted) => DifferentiableGradients(outputs, kept, settings, wanted);

    /// <inheritdoc/>
    protected override Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted) =>
        [outputs[0]!.narrow(1, 0, settings.Channels), outputs[0]!.narrow(1, settings.Channels, outputs[0]!.shape[1] - settings.Channels)];
}
