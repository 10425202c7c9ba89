namespace CnnTrainers.Pipelines;

/// <summary>The order in which people count names: class 2 before class 10, <c>photo 9.jpg</c> before <c>photo 10.jpg</c>.</summary>
/// <remarks>
/// Runs of digits compare by their value, all else character by character, whatever its case. What is equal by that compares ordinally, so that the
/// order is total. No culture plays a part: an order of the framework's that counts digits has no effect where globalization is invariant.
/// </remarks>
public sealed class NaturalOrder : IComparer<string?>
{
    private NaturalOrder()
    {
    }

    /// <summary>The order.</summary>
    public static NaturalOrder Comparer { get; } = new();

    /// <summary>Compares two names; null comes first.</summary>
    /// <param name="x">One name.</param>
    /// <param name="y">The other name.</param>
    /// <returns>Below 0 where <paramref name="x"/> comes first, 0 where both are the same, above 0 where <paramref name="y"/> comes first.</returns>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            int order = char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j])
                ? Compare(Number(x, ref i), Number(y, ref j))
                : char.ToUpperInvariant(x[i++]).CompareTo(char.ToUpperInvariant(y[j++]));
            if (order != 0) return order;
        }
        int rest = (x.Length - i).CompareTo(y.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(x, y);
    }

    private static int Compare(ReadOnlySpan<char> x, ReadOnlySpan<char> y) => x.Length != y.Length ? x.Length.CompareTo(y.Length) : x.SequenceCompareTo(y);

    // The digits from a place on, without zeros in front.
    private static ReadOnlySpan<char> Number(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return text.AsSpan(start, at - start).TrimStart('0');
    }
}
