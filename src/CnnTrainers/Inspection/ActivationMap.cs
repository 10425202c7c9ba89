using Microsoft.ML.Data;

namespace CnnTrainers;

/// <summary>Which parts of an image speak for a class.</summary>
public sealed record ActivationMap
{
    /// <summary>The shape of the image as the network takes it.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>
    /// Whether the row has no readable image, where the model skips such (<see cref="CnnTrainerOptions.SkipUnreadableImages"/>): pixels and values
    /// are then 0, the classes empty, the probability NaN.
    /// </summary>
    public bool IsMissing { get; init; }

    /// <summary>The image's raw values, channels × height × width.</summary>
    public required ReadOnlyMemory<float> Pixels { get; init; }

    /// <summary>The map, height × width, row by row: 0 where nothing speaks for the class, 1 where most does.</summary>
    public required ReadOnlyMemory<float> Values { get; init; }

    /// <summary>The class that is explained.</summary>
    public required string Class { get; init; }

    /// <summary>Its probability, 0 to 1.</summary>
    public required float Probability { get; init; }

    /// <summary>The class that the model predicts.</summary>
    public required string PredictedClass { get; init; }

    /// <summary>
    /// Draws the map over the image: coloured from dark to bright where more speaks for the class, the image showing through. Images are
    /// drawn as the network sees them; with 3 channels as red, green and blue, with 4 the last is left out, else their mean as grey.
    /// </summary>
    /// <param name="leastSize">Smaller images are enlarged, by a whole factor, to at least this height and width, in pixels. Default 224.</param>
    /// <param name="opacity">How much the colours cover the image where the map is 1: 0 not at all, 1 wholly. Default 0.7.</param>
    /// <returns>The picture; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="leastSize"/> is below 1 or <paramref name="opacity"/> not from 0 to 1.</exception>
    public MLImage Draw(int leastSize = 224, double opacity = 0.7)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leastSize);
        ArgumentOutOfRangeException.ThrowIfNegative(opacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(opacity, 1);
        return Inspection.Overlay.Draw(this, leastSize, opacity);
    }
}
