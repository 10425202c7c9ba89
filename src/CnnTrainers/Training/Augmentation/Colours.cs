namespace CnnTrainers.Training;

/// <summary>
/// Changes of colour that keep every pixel in its place, on bytes. Factors of 1 change nothing. Results are cut off to 0 to 255 and to
/// integers, as torchvision's are on bytes.
/// </summary>
internal static class Colours
{
    /// <summary>Blends with black.</summary>
    public static void Brightness(ImageBuffers<byte> image, double factor)
    {
        Span<byte> table = stackalloc byte[256];
        for (var value = 0; value < 256; value++)
            table[value] = Cut((float)factor * value);
        Map(image.Pixels, table);
    }

    /// <summary>Blends with the image's mean grey.</summary>
    public static void Contrast(ImageBuffers<byte> image, double factor)
    {
        var (own, grey) = ((float)factor, (float)(1 - factor) * Greys.Mean(image));
        Span<byte> table = stackalloc byte[256];
        for (var value = 0; value < 256; value++)
            table[value] = Cut(own * value + grey);
        Map(image.Pixels, table);
    }

    /// <summary>Blends with the pixels' own greys. Only with three channels.</summary>
    public static void Saturation(ImageBuffers<byte> image, double factor)
    {
        if (image.Shape.Channels != 3)
            return;
        var (own, rest) = ((float)factor, (float)(1 - factor));
        Span<byte> red = image.Plane(0), green = image.Plane(1), blue = image.Plane(2);
        for (var i = 0; i < red.Length; i++)
        {
            var grey = rest * Greys.Of(red[i], green[i], blue[i]);
            (red[i], green[i], blue[i]) = (Cut(own * red[i] + grey), Cut(own * green[i] + grey), Cut(own * blue[i] + grey));
        }
    }

    /// <summary>Blends with the mean of each pixel and its neighbours, which count a fifth of it. The outermost pixels stay.</summary>
    public static void Sharpness(ImageBuffers<byte> image, double factor)
    {
        var (channels, height, width) = image.Shape;
        if (height <= 2 || width <= 2)
            return;
        image.Pixels.CopyTo(image.Spare);
        for (var c = 0; c < channels; c++)
            for (var y = 1; y < height - 1; y++)
                SharpenRow(image.Pixels.Slice((c * height + y - 1) * width, 3 * width), image.Spare.Slice((c * height + y) * width, width), factor);
        image.Swap();
    }

    /// <summary>Keeps only the highest bits of every value.</summary>
    public static void Posterize(ImageBuffers<byte> image, int bits)
    {
        var mask = (byte)(0xFF << (8 - bits));
        foreach (ref var value in image.Pixels)
            value &= mask;
    }

    /// <summary>Inverts the values from a threshold on.</summary>
    public static void Solarize(ImageBuffers<byte> image, float threshold)
    {
        foreach (ref var value in image.Pixels)
            value = value >= threshold ? (byte)(255 - value) : value;
    }

    /// <summary>Stretches every channel to the whole range.</summary>
    public static void AutoContrast(ImageBuffers<byte> image)
    {
        Span<byte> table = stackalloc byte[256];
        for (var c = 0; c < image.Shape.Channels; c++)
        {
            var plane = image.Plane(c);
            var (low, high) = (255, 0);
            foreach (var value in plane)
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            if (high <= low)
                continue;
            var scale = 255f / (high - low);
            for (var value = low; value <= high; value++)
                table[value] = Cut((value - low) * scale);
            Map(plane, table);
        }
    }

    /// <summary>Spreads the values of every channel so that all parts of the range are used alike (as Pillow does it).</summary>
    public static void Equalize(ImageBuffers<byte> image)
    {
        Span<int> counts = stackalloc int[256];
        Span<byte> table = stackalloc byte[256];
        for (var c = 0; c < image.Shape.Channels; c++)
        {
            var plane = image.Plane(c);
            counts.Clear();
            var highest = 0;
            foreach (var value in plane)
            {
                counts[value]++;
                highest = Math.Max(highest, value);
            }
            var step = (plane.Length - counts[highest]) / 255;
            if (step == 0)
                continue;
            for (var (value, below) = (0, step / 2); value < 256; below += counts[value++])
                table[value] = (byte)Math.Min(below / step, 255);
            Map(plane, table);
        }
    }

    /// <summary>A value within the range of a byte, its fraction cut off.</summary>
    public static byte Cut(float value) => (byte)float.ConvertToIntegerNative<int>(MathF.Min(MathF.Max(value, 0), 255));

    private static void Map(Span<byte> values, ReadOnlySpan<byte> table)
    {
        foreach (ref var value in values)
            value = table[value];
    }

    private static void SharpenRow(ReadOnlySpan<byte> rows, Span<byte> output, double factor)
    {
        var (width, own, rest) = (output.Length, (float)factor, (float)(1 - factor));
        ReadOnlySpan<byte> above = rows[..width], row = rows.Slice(width, width), below = rows[(2 * width)..];
        for (var x = 1; x < width - 1; x++)
        {
            var around = above[x - 1] + above[x] + above[x + 1] + row[x - 1] + row[x + 1] + below[x - 1] + below[x] + below[x + 1];
            output[x] = Cut(own * row[x] + rest * MathF.Round((around + 5 * row[x]) / 13f));
        }
    }
}
