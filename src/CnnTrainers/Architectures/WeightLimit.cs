namespace CnnTrainers.Architectures;

/// <summary>
/// Bounds the weights of the layers that this thread makes until it is disposed: the check comes before a layer takes memory, so that a
/// description from a damaged file cannot ask for all there is.
/// </summary>
internal sealed class WeightLimit : IDisposable
{
    [ThreadStatic]
    private static WeightLimit? _current;

    private readonly string _message;
    private long _left;

    /// <param name="values">Weights allowed in all.</param>
    /// <param name="message">What to say where they are more.</param>
    public WeightLimit(long values, string message) => (_left, _message, _current) = (values, message, this);

    /// <summary>Counts a layer's weights: the product of its sizes.</summary>
    /// <exception cref="InvalidDataException">They are more than the limit leaves.</exception>
    public static void Claim(params ReadOnlySpan<long> sizes)
    {
        if (_current is not { } limit)
            return;
        var values = 1.0;
        foreach (var size in sizes)
            values *= Math.Max(0, size);
        if (values > limit._left)
            throw new InvalidDataException(limit._message);
        limit._left -= (long)values;
    }

    /// <summary>Ends the limit.</summary>
    public void Dispose() => _current = null;
}
