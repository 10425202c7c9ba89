namespace CnnTrainers.Training;

/// <summary>How one training image is changed: shifted within a black border, then mirrored.</summary>
/// <param name="Down">Rows that the image's window is moved down; negative is up.</param>
/// <param name="Right">Columns that it is moved right; negative is left.</param>
/// <param name="Mirrored">Whether left and right are swapped.</param>
internal readonly record struct Placement(int Down, int Right, bool Mirrored);

/// <summary>Which changes training images get at random: shifts of up to so many pixels, mirroring.</summary>
internal readonly record struct Augmentation(bool Flip, int Padding)
{
    /// <summary>No change at all.</summary>
    public static Augmentation None => default;

    /// <summary>The change of one image in one epoch; equal arguments give equal changes.</summary>
    public Placement Draw(int seed, int epoch, int image)
    {
        var random = new SplitMix(seed, epoch, image);
        var down = random.Next(2 * Padding + 1) - Padding;
        var right = random.Next(2 * Padding + 1) - Padding;
        return new(down, right, Flip && random.Next(2) == 1);
    }

    /// <summary>Copies a planar image, normalised, to where a channels-last tensor has it: C×H×W → H×W×C.</summary>
    public static void Place(ReadOnlySpan<float> image, ImageShape shape, Normalization normalization, Placement placement, Span<float> destination)
    {
        var (channels, height, width) = shape;
        for (var c = 0; c < channels; c++)
        {
            var (mean, factor) = (normalization.Mean[c], 1 / normalization.Std[c]);
            for (var y = 0; y < height; y++)
            {
                var row = (uint)(y + placement.Down) < (uint)height ? image.Slice((c * height + y + placement.Down) * width, width) : [];
                var output = destination[(y * width * channels + c)..];
                for (var x = 0; x < width; x++)
                {
                    var column = (placement.Mirrored ? width - 1 - x : x) + placement.Right;
                    output[x * channels] = ((uint)column < (uint)row.Length ? row[column] - mean : -mean) * factor;
                }
            }
        }
    }
}
