namespace CnnTrainers.Pipelines.Reports;

/// <summary>The sections of a look at a data set: what there is to say, the classes, the files, and pictures.</summary>
internal static class CheckSections
{
    private const int LinesShown = 200;

    public static IEnumerable<Section?> Of(CheckReport report)
    {
        DatasetFindings found = report.Findings;
        return [Summary(report, found), Classes(found), Formats(found), Pictures(report, found)];
    }

    private static Section Summary(CheckReport report, DatasetFindings found)
    {
        string time = report.Time is { } took ? $" in {Say.Time(took)}" : "";
        (string Name, string Value)[] tiles =
        [
            ("images", Say.Count(found.Images)), ("classes", Say.Count(found.Classes.Count)), ("cannot be read", Say.Count(found.Unreadable.Count)),
            ("in two classes", Say.Count(found.Repeated.Count(one => one.IsInSeveralClasses))), ("more than once", Say.Count(found.Repeated.Count)),
            .. found.AgainstImages is null ? Array.Empty<(string, string)>() : [("test images seen", Say.Count(found.Seen.Count))],
        ];
        return new Section("summary", "In short", Markup.Of($"""
            <div class="words"><p>{Say.Count(found.Images, "image was", "images were")} looked at{time}. {(found.Hurts ? "Some of what was found would hurt." : "Nothing was found that would hurt.")}</p></div>
            <dl class="tiles">{Markup.Join(tiles.Select(t => Markup.Of($"<div><dt>{t.Name}</dt><dd>{t.Value}</dd></div>")))}</dl>
            {Remarks("What would hurt", found.Remarks.Where(one => one.Hurts))}
            {Remarks("Good to know", found.Remarks.Where(one => !one.Hurts))}
            """))
        {
            Short = "Summary",
        };
    }

    private static Markup Remarks(string title, IEnumerable<CheckRemark> remarks) => !remarks.Any() ? Markup.Of($"") : Markup.Of($"""
        <div class="card next"><h3>{title}</h3><ul>{Markup.Join(remarks.Select(Remark))}</ul></div>
        """);

    private static Markup Remark(CheckRemark remark) => remark.Details.Count == 0 ? Markup.Of($"<li>{remark.Text}</li>") : Markup.Of($"""
        <li>{remark.Text}<details><summary>Which<span class="unseen">: {remark.Text}</span></summary><ul>{Markup.Join(remark.Details.Take(LinesShown).Select(line => Markup.Of($"<li>{Pieces.Name(line)}</li>")))}{More(remark.Details.Count)}</ul></details></li>
        """);

    private static Markup More(int count) => count <= LinesShown ? Markup.Of($"") : Markup.Of($"<li>and {Say.Count(count - LinesShown)} more</li>");

    private static Section Classes(DatasetFindings found)
    {
        int most = found.Classes.Select(one => one.Images).DefaultIfEmpty(1).Max();
        return new Section("classes", "Classes", Markup.Of($"""
            <div class="card">{Pieces.Table("Images of each class", ["class", "images", "share of all", "beside the largest class"],
                found.Classes.Select(one => (IReadOnlyList<Cell>)[new Cell(Pieces.Name(one.Name)), Cell.Of(one.Images), Cell.Bar((double)one.Images / found.Images), Cell.Bar((double)one.Images / most)]), sortable: true)}</div>
            """));
    }

    private static Section? Formats(DatasetFindings found) => found.Formats.Count == 0 ? null : new Section("formats", "Formats and sizes", Markup.Of($"""
        <div class="card">{Pieces.Table("Formats", ["format", "images", "bytes"],
            found.Formats.Select(one => (IReadOnlyList<Cell>)[Cell.Of(one.Name), Cell.Of(one.Images), Cell.Of((double)one.Bytes, Say.Bytes(one.Bytes))]), sortable: true)}</div>
        <div class="card"><h3>Width × height</h3>{Pieces.Facts([
            new("smallest", Size(found.Smallest)), new("in the middle", Size(found.Median)), new("largest", Size(found.Largest)), new("different sizes", Say.Count(found.DifferentSizes))])}</div>
        """))
    {
        Short = "Formats",
    };

    private static string Size(CheckedSize? size) => size is null ? Say.Nothing : $"{size.Width}×{size.Height}";

    private static Section? Pictures(CheckReport report, DatasetFindings found)
    {
        Markup[] galleries =
        [
            .. Gallery("The same picture in two classes", CheckReport.Groups(found, severalClasses: true)),
            .. Gallery("Images to test on that are among the training images", CheckReport.Seen(found)),
            .. Gallery("The same picture more than once in a class", CheckReport.Groups(found, severalClasses: false)),
            .. Gallery("Odd ones", CheckReport.Odd(found).Select(one => (IReadOnlyList<CheckedImage>)[new CheckedImage(one.Name, one.What)])),
        ];
        return galleries.Length == 0 ? null : new Section("pictures", "Images worth a look", Markup.Join(galleries)) { Short = "Images" };

        IEnumerable<Markup> Gallery(string title, IEnumerable<IReadOnlyList<CheckedImage>> groups)
        {
            Markup[] cards = [.. groups.Where(group => group.Any(image => report.Thumbnails.ContainsKey(image.Name))).Select(group => Card(report, group))];
            if (cards.Length > 0) yield return Markup.Of($"<h3>{title}</h3><ul class=\"gallery\">{Markup.Join(cards)}</ul>");
        }
    }

    private static Markup Card(CheckReport report, IReadOnlyList<CheckedImage> images) => Markup.Of($"""
        <li class="card"><div class="pictures">{Markup.Join(images.Where(image => report.Thumbnails.ContainsKey(image.Name)).Select(image => Markup.Of(
            $"<img src=\"{Pieces.Address(report.Thumbnails[image.Name])}\" alt=\"{image.Label}: {image.Name}\">")))}</div>
        {Markup.Join(images.Select(image => Markup.Of($"<p><b>{Pieces.Name(image.Label)}</b></p><p class=\"quiet file\">{Pieces.Name(image.Name)}</p>")))}</li>

        """);
}
