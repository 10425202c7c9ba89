namespace CnnTrainers.Training;

/// <summary>What a network's input goes through first: every raw pixel value x of channel c becomes (x - Mean[c]) / Std[c].</summary>
/// <param name="Mean">One value per channel.</param>
/// <param name="Std">One value per channel, above 0.</param>
internal sealed record Normalization(float[] Mean, float[] Std)
{
    /// <summary>The normalisation that the options ask for, measured on the images where they ask for none.</summary>
    /// <exception cref="ArgumentException">The options give mean and std for another number of channels.</exception>
    public static Normalization Create(CnnTrainerOptions options, PixelStore images, ReadOnlySpan<int> indices)
    {
        var channels = images.Shape.Channels;
        var scale = options.Scale ?? 1;
        if (options.Mean is null && options.Scale is null)
            return Measure(images, indices);
        if (options.Mean is null)
            return new([.. new float[channels]], [.. Enumerable.Repeat((float)(1 / scale), channels)]);
        if (options.Mean.Count != channels)
            throw new ArgumentException($"Mean and Std have {options.Mean.Count} values; the images have {channels} channels ({images.Shape}).");
        return new([.. options.Mean.Select(mean => (float)(mean / scale))], [.. options.Std!.Select(std => (float)(std / scale))]);
    }

    /// <summary>The channels' means and standard deviations over all images.</summary>
    public static Normalization Measure(PixelStore images) => Measure(images, Enumerable.Range(0, images.Count).ToArray());

    /// <summary>The channels' means and standard deviations over some images; a constant channel has the deviation 1.</summary>
    public static Normalization Measure(PixelStore images, ReadOnlySpan<int> indices)
    {
        var (channels, plane) = (images.Shape.Channels, images.Shape.Height * images.Shape.Width);
        var (sum, squares, pixels) = (new double[channels], new double[channels], new float[images.Shape.Size]);
        foreach (var index in indices)
        {
            images.CopyTo(index, pixels);
            for (var c = 0; c < channels; c++)
                Accumulate(pixels.AsSpan(c * plane, plane), ref sum[c], ref squares[c]);
        }
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
