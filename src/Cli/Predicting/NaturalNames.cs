namespace CnnTrainers.Cli.Predicting;

/// <summary>The order in which people expect names: 2 before 10.</summary>
internal sealed class NaturalNames : IComparer<string>
{
    public static NaturalNames Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x, b = y;
        while (a.Length > 0 && b.Length > 0)
        {
            (int lengthA, int lengthB) = (Digits(a), Digits(b));
            bool numbers = lengthA > 0 && lengthB > 0;
            int order = numbers ? OfNumbers(a[..lengthA].TrimStart('0'), b[..lengthB].TrimStart('0')) : char.ToLowerInvariant(a[0]).CompareTo(char.ToLowerInvariant(b[0]));
            if (order != 0) return order;
            a = a[(numbers ? lengthA : 1)..];
            b = b[(numbers ? lengthB : 1)..];
        }
        return a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(x, y);
    }

    private static int OfNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);

    private static int Digits(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
