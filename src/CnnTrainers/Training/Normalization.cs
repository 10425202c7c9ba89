namespace CnnTrainers.Training;

/// <summary>What a network's input goes through first: every raw pixel value x of channel c becomes (x - Mean[c]) / Std[c].</summary>
/// <param name="Mean">One value per channel.</param>
/// <param name="Std">One value per channel, above 0.</param>
internal sealed record Normalization(float[] Mean, float[] Std)
{
    /// <summary>No change.</summary>
    public static Normalization Identity(int channels) => new(new float[channels], [.. Enumerable.Repeat(1f, channels)]);

    /// <summary>The normalisation that the options ask for; else the one that belongs to the weights; else measured on the images.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="ofWeights">What belongs to the initial weights, or null.</param>
    /// <param name="images">The training images' store.</param>
    /// <param name="indices">Which of them are trained on.</param>
    /// <exception cref="ArgumentException">Mean and std are for another number of channels.</exception>
    public static Normalization Create(CnnTrainerOptions options, Normalization? ofWeights, PixelStore images, ReadOnlySpan<int> indices)
    {
        if (options.Normalization is { } named)
            return named.Mean is null ? Measure(images, indices) : Scaled(named.Name, images.Shape, named.Scale, named.Mean, named.Std!);
        if (options.Mean is not null)
            return Scaled("of Mean and Std", images.Shape, options.Scale ?? 1, options.Mean, options.Std!);
        if (options.Scale is { } scale)
            return Scaled("of Scale", images.Shape, scale, new float[images.Shape.Channels], [.. Enumerable.Repeat(1f, images.Shape.Channels)]);
        return ofWeights is null ? Measure(images, indices) : Scaled("of the initial weights", images.Shape, 1, ofWeights.Mean, ofWeights.Std);
    }

    /// <summary>A named normalisation with known values.</summary>
    public static Normalization Of(PixelNormalization named) => new(Divided(named.Mean!, named.Scale), Divided(named.Std!, named.Scale));

    private static Normalization Scaled(string name, ImageShape shape, double scale, IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        if (mean.Count != shape.Channels)
            throw new ArgumentException($"The normalisation {name} has Mean and Std of {mean.Count} values; the images have {shape.Channels} channels ({shape}).");
        return new(Divided(mean, scale), Divided(std, scale));
    }

    private static float[] Divided(IReadOnlyList<float> values, double scale) => [.. values.Select(value => (float)(value / scale))];

    /// <summary>The channels' means and standard deviations over all images.</summary>
    public static Normalization Measure(PixelStore images) => Measure(images, Enumerable.Range(0, images.Count).ToArray());

    /// <summary>The channels' means and standard deviations over some images, of all processes that share them; a constant channel has the deviation 1.</summary>
    public static Normalization Measure(PixelStore images, ReadOnlySpan<int> indices)
    {
        var (channels, plane) = (images.Shape.Channels, images.Shape.Height * images.Shape.Width);
        var (sum, squares, pixels) = (new double[channels], new double[channels], new float[images.Shape.Size]);
        foreach (var index in indices)
        {
            if (images.Share?.IsOwn(index) == false)
                continue; // another process adds it
            images.CopyTo(index, pixels);
            for (var c = 0; c < channels; c++)
                Accumulate(pixels.AsSpan(c * plane, plane), ref sum[c], ref squares[c]);
        }
        images.Share?.Ranks.Sum(sum.AsSpan());
        images.Share?.Ranks.Sum(squares.AsSpan());
        var n = (double)plane * indices.Length;
        var mean = sum.Select(total => total / n).ToArray();
        var std = squares.Zip(mean, (total, m) => Math.Sqrt(Math.Max(0, total / n - m * m))).Select(s => s > 1e-6 ? s : 1);
        return new([.. mean.Select(m => (float)m)], [.. std.Select(s => (float)s)]);
    }

    private static void Accumulate(ReadOnlySpan<float> values, ref double sum, ref double squares)
    {
        var (s, q) = (0.0, 0.0);
        foreach (var value in values)
        {
            s += value;
            q += (double)value * value;
        }
        sum += s;
        squares += q;
    }
}
