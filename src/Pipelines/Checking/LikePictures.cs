namespace CnnTrainers.Pipelines.Checking;

/// <summary>
/// Finds pictures that are like each other without comparing each with each: pictures lie in cells by eight coarse patterns, and one that is like another
/// lies in the same cell or, where a pattern is near the cell's edge, in the next one.
/// </summary>
internal sealed class LikePictures
{
    private const int Patterns = 8, CellBits = 6;
    private const double Cell = 12;

    // Against data sets in which thousands of pictures lie in one cell and yet are not like each other.
    private const int MostCompared = 2_000;

    private readonly Dictionary<ulong, List<int>> _cells = [];
    private readonly List<(SmallPicture Picture, List<int> Members)> _groups = [];

    /// <summary>Groups pictures: those of a group are like its first one.</summary>
    /// <param name="pictures">The pictures, null where there is none to be compared.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The groups of two or more, as places in <paramref name="pictures"/>, in their order.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Groups(IReadOnlyList<SmallPicture?> pictures, CancellationToken cancel)
    {
        var like = new LikePictures();
        for (int i = 0; i < pictures.Count; i++)
        {
            if (i % 1024 == 0) cancel.ThrowIfCancellationRequested();
            if (pictures[i] is { IsPlain: false } picture) like.Add(i, picture);
        }
        return [.. like._groups.Where(group => group.Members.Count > 1).Select(group => group.Members)];
    }

    private void Add(int number, SmallPicture picture)
    {
        Span<double> patterns = stackalloc double[Patterns];
        picture.Patterns(patterns);
        int left = MostCompared;
        if (Find(picture, patterns, 0, 0, ref left) is { } found)
        {
            _groups[found].Members.Add(number);
            return;
        }
        ulong cell = 0;
        foreach (double pattern in patterns) cell = Next(cell, (int)Math.Round(pattern / Cell));
        if (!_cells.TryGetValue(cell, out List<int>? groups)) _cells[cell] = groups = [];
        groups.Add(_groups.Count);
        _groups.Add((picture, [number]));
    }

    // Goes through the cells in which a picture that is like this one may lie.
    private int? Find(SmallPicture picture, ReadOnlySpan<double> patterns, int at, ulong cell, ref int left)
    {
        if (at == Patterns) return Compare(picture, cell, ref left);
        int from = (int)Math.Round((patterns[at] - SmallPicture.MeanDifference) / Cell), to = (int)Math.Round((patterns[at] + SmallPicture.MeanDifference) / Cell);
        for (int place = from; place <= to; place++)
            if (Find(picture, patterns, at + 1, Next(cell, place), ref left) is { } found) return found;
        return null;
    }

    private int? Compare(SmallPicture picture, ulong cell, ref int left)
    {
        if (!_cells.TryGetValue(cell, out List<int>? groups)) return null;
        foreach (int group in groups)
        {
            if (left-- <= 0) return null;
            if (_groups[group].Picture.IsLike(picture)) return group;
        }
        return null;
    }

    private static ulong Next(ulong cell, int place) => cell << CellBits | (uint)place & ((1u << CellBits) - 1);
}
