using Microsoft.ML.Data;

namespace CnnTrainers;

/// <summary>An image as a training step sees it: changed at random, before it is normalised.</summary>
public sealed record TrainingImage
{
    /// <summary>The shape of the image.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>The image's values, channels × height × width, in the range of those that came.</summary>
    public required ReadOnlyMemory<float> Pixels { get; init; }

    /// <summary>The classes that the network shall find in it with their shares, the largest first: one, or two where images are mixed.</summary>
    public required IReadOnlyList<(string Class, float Share)> Classes { get; init; }

    /// <summary>Draws the image: with 3 channels as red, green and blue, with 4 the last is left out, else their mean as grey.</summary>
    /// <param name="leastSize">Smaller images are enlarged, by a whole factor, to at least this height and width, in pixels. Default 96.</param>
    /// <returns>The picture; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="leastSize"/> is below 1.</exception>
    public MLImage Draw(int leastSize = 96)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leastSize);
        return Inspection.Overlay.Draw(Shape, Pixels.Span, leastSize);
    }
}
