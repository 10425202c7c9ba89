namespace CnnTrainers.Pipelines.Checking;

/// <summary>Makes findings of what a look at each image said: those of the data set first, then those of the other one.</summary>
internal sealed class Findings(CheckImages images, CheckImages? against, PictureFacts[] facts)
{
    /// <summary>The classes, in <see cref="NaturalOrder"/>.</summary>
    public static IReadOnlyList<CheckedClass> Classes(CheckImages images) =>
        [.. Enumerable.Range(0, images.Count).GroupBy(images.LabelOf).Select(group => new CheckedClass(group.Key, group.Count())).OrderBy(one => one.Name, NaturalOrder.Comparer)];

    public DatasetFindings Find(CancellationToken cancel)
    {
        (int Index, PictureFacts Facts)[] readable = [.. Enumerable.Range(0, images.Count).Select(i => (i, facts[i])).Where(one => one.Item2.Fault is null)];
        PictureFacts[] bySize = [.. readable.Select(one => one.Facts).OrderBy(PixelsOf).ThenBy(one => one.Width)];
        IReadOnlyList<IReadOnlyList<int>> exact = Same(), like = Alike(exact, cancel);
        return new DatasetFindings
        {
            Images = images.Count,
            Classes = Classes(images),
            Formats = [.. readable.GroupBy(one => one.Facts.Kind, one => one.Facts).Select(group => new CheckedFormat(group.Key, group.Count(), group.Sum(one => one.Bytes))).OrderByDescending(one => one.Images)],
            Smallest = bySize.Length == 0 ? null : SizeOf(bySize[0]),
            Median = bySize.Length == 0 ? null : SizeOf(bySize[bySize.Length / 2]),
            Largest = bySize.Length == 0 ? null : SizeOf(bySize[^1]),
            DifferentSizes = bySize.DistinctBy(one => (one.Width, one.Height)).Count(),
            Unreadable = [.. Enumerable.Range(0, facts.Length).Where(i => facts[i].Fault is not null).Select(i => new ImageFault(Image(i).Name, facts[i].Fault!))],
            Turned = Names(one => one.IsTurned),
            Tiny = Names(one => Math.Min(one.Width, one.Height) < DatasetFindings.TinySide),
            Huge = Names(one => PixelsOf(one) > DatasetFindings.HugePixels),
            Plain = Names(one => one.Picture!.IsPlain),
            Repeated = [.. Repeated(exact, isExact: true), .. Repeated(like, isExact: false)],
            AgainstImages = against?.Count,
            Seen = Seen(exact, like),
        };

        IReadOnlyList<string> Names(Func<PictureFacts, bool> isSo) => [.. readable.Where(one => isSo(one.Facts)).Select(one => images.NameOf(one.Index))];
    }

    private static long PixelsOf(PictureFacts one) => (long)one.Width * one.Height;

    private static CheckedSize SizeOf(PictureFacts one) => new(one.Width, one.Height);

    private CheckedImage Image(int at) => at < images.Count ? images.Image(at) : against!.Image(at - images.Count);

    private IReadOnlyList<IReadOnlyList<int>> Same() =>
        [.. Enumerable.Range(0, facts.Length).Where(i => facts[i].Fault is null).GroupBy(i => facts[i].Hash).Where(group => group.Skip(1).Any()).Select(group => (IReadOnlyList<int>)[.. group])];

    // Of images that are the same, the first stands for all.
    private IReadOnlyList<IReadOnlyList<int>> Alike(IReadOnlyList<IReadOnlyList<int>> exact, CancellationToken cancel)
    {
        var again = exact.SelectMany(group => group.Skip(1)).ToHashSet();
        return LikePictures.Groups([.. facts.Select((one, i) => again.Contains(i) ? null : one.Picture)], cancel);
    }

    private IEnumerable<RepeatedPicture> Repeated(IEnumerable<IReadOnlyList<int>> groups, bool isExact) =>
        groups.Select(group => (int[])[.. group.Where(i => i < images.Count)]).Where(group => group.Length > 1).Select(group => new RepeatedPicture([.. group.Select(Image)], isExact));

    private IReadOnlyList<SeenPicture> Seen(IReadOnlyList<IReadOnlyList<int>> exact, IReadOnlyList<IReadOnlyList<int>> like)
    {
        var seen = new SortedDictionary<int, SeenPicture>();
        Dictionary<int, IReadOnlyList<int>> same = exact.ToDictionary(group => group[0]);
        foreach (IReadOnlyList<int> group in exact) Add(group, isExact: true);
        foreach (IReadOnlyList<int> group in like) Add([.. group.SelectMany(i => same.GetValueOrDefault(i, [i]))], isExact: false);
        return [.. seen.Values];

        // The training images come first in a group, so its first is one if it has any.
        void Add(IReadOnlyList<int> group, bool isExact)
        {
            if (group[0] >= images.Count) return;
            foreach (int test in group.Where(i => i >= images.Count)) seen.TryAdd(test, new SeenPicture(Image(test), Image(group[0]), isExact));
        }
    }
}
