namespace CnnTrainers.Pipelines.Checking;

/// <summary>Orders names as people count: 2 before 10.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static readonly NaturalOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x, right = y;
        while (left.Length > 0 && right.Length > 0)
        {
            ReadOnlySpan<char> a = Part(left), b = Part(right);
            int order = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]) ? Numbers(a.TrimStart('0'), b.TrimStart('0')) : a.SequenceCompareTo(b);
            if (order != 0) return order;
            left = left[a.Length..];
            right = right[b.Length..];
        }
        return left.Length != right.Length ? left.Length - right.Length : string.CompareOrdinal(x, y);
    }

    private static int Numbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);

    // A run of digits, or one other character.
    private static ReadOnlySpan<char> Part(ReadOnlySpan<char> text)
    {
        int digits = text.IndexOfAnyExceptInRange('0', '9');
        return text[..(digits < 0 ? text.Length : Math.Max(digits, 1))];
    }
}
