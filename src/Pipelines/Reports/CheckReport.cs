namespace CnnTrainers.Pipelines;

/// <summary>The report of a look at a data set.</summary>
public sealed record CheckReport : Report
{
    private const int GroupsShown = 12, ImagesShown = 4; // of each kind; of each group

    /// <summary>What was found.</summary>
    public required DatasetFindings Findings { get; init; }

    /// <summary>Pictures of images by their names, as <see cref="DatasetCheck.Thumbnails"/> makes them. Default none.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Thumbnails { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>How long it took. Default null: not known.</summary>
    public TimeSpan? Time { get; init; }

    internal static IEnumerable<string> Shown(DatasetFindings found) =>
    [
        .. Groups(found, severalClasses: true).Concat(Groups(found, severalClasses: false)).Concat(Seen(found)).SelectMany(group => group).Select(image => image.Name),
        .. Odd(found).Select(one => one.Name),
    ];

    internal static IEnumerable<IReadOnlyList<CheckedImage>> Groups(DatasetFindings found, bool severalClasses) =>
        found.Repeated.Where(one => one.IsInSeveralClasses == severalClasses).Take(GroupsShown).Select(one => (IReadOnlyList<CheckedImage>)[.. one.Images.Take(ImagesShown)]);

    internal static IEnumerable<IReadOnlyList<CheckedImage>> Seen(DatasetFindings found) =>
        found.Seen.Take(GroupsShown).Select(one => (IReadOnlyList<CheckedImage>)[one.Test, one.Training]);

    internal static IEnumerable<(string Name, string What)> Odd(DatasetFindings found) =>
    [
        .. found.Turned.Take(GroupsShown).Select(name => (name, "turned upright")), .. found.Tiny.Take(GroupsShown).Select(name => (name, "tiny")),
        .. found.Huge.Take(GroupsShown).Select(name => (name, "huge")), .. found.Plain.Take(GroupsShown).Select(name => (name, "of one colour")),
    ];
}
