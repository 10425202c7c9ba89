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
    private const int MostCompared = 20_000;

    private readonly Dictionary<ulong, List<Group>> _cells = [];
    private readonly List<Group> _groups = [];

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
        var group = new Group(Rounded(patterns), picture, [number]);
        int left = MostCompared;
        if (Find(group, patterns, 0, 0, ref left) is { } found)
        {
            found.Members.Add(number);
            return;
        }
        ulong cell = 0;
        foreach (double pattern in patterns) cell = Next(cell, (int)Math.Round(pattern / Cell));
        if (!_cells.TryGetValue(cell, out List<Group>? groups)) _cells[cell] = groups = [];
        groups.Add(group);
        _groups.Add(group);
    }

    // Goes through the cells in which a picture that is like this one may lie.
    private Group? Find(Group picture, ReadOnlySpan<double> patterns, int at, ulong cell, ref int left)
    {
        if (at == Patterns) return Compare(picture, cell, ref left);
        int from = (int)Math.Round((patterns[at] - SmallPicture.MeanDifference) / Cell), to = (int)Math.Round((patterns[at] + SmallPicture.MeanDifference) / Cell);
        for (int place = from; place <= to; place++)
            if (Find(picture, patterns, at + 1, Next(cell, place), ref left) is { } found) return found;
        return null;
    }

    private Group? Compare(Group picture, ulong cell, ref int left)
    {
        if (!_cells.TryGetValue(cell, out List<Group>? groups)) return null;
        foreach (Group group in groups)
        {
            if (left-- <= 0) return null;
            if (MayBeLike(group.Patterns, picture.Patterns) && group.Picture.IsLike(picture.Picture)) return group;
        }
        return null;
    }

    // The patterns in steps of 2, a byte each: where one differs by more than two steps, the pictures' mean does by more than it may. They lie beside each
    // other in a cell's list; a look at each picture would be one into memory far away.
    private static ulong Rounded(ReadOnlySpan<double> patterns)
    {
        ulong rounded = 0;
        foreach (double pattern in patterns) rounded = rounded << 8 | (byte)((pattern + 256) / 2);
        return rounded;
    }

    private static bool MayBeLike(ulong a, ulong b)
    {
        for (int i = 0; i < Patterns; i++, a >>= 8, b >>= 8)
            if (Math.Abs((int)(a & 255) - (int)(b & 255)) > 2) return false;
        return true;
    }

    private static ulong Next(ulong cell, int place) => cell << CellBits | (uint)place & ((1u << CellBits) - 1);

    private readonly record struct Group(ulong Patterns, SmallPicture Picture, List<int> Members);
}
