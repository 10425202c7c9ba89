using System.Globalization;

namespace CnnTrainers.Pipelines;

/// <summary>What the columns of a list file are.</summary>
/// <param name="Path">The column of the paths, from 0.</param>
/// <param name="Label">The column of the labels.</param>
/// <param name="Part">The column that splits the images; null where there is none.</param>
/// <param name="HasHeader">Whether the first line has the columns' names.</param>
internal sealed record ListColumns(int Path, int Label, int? Part, bool HasHeader)
{
    private const int Looked = 100; // lines whose content says what a column is

    // Without what stands between words. Of several, the first counts.
    private static readonly string[] _paths =
        ["path", "imagepath", "filepath", "filename", "file", "imagefile", "imagename", "image", "img", "imgpath", "imgname", "images", "photo", "picture", "imageid"];
    private static readonly string[] _labels = ["label", "labels", "class", "classname", "labelname", "category", "categoryname", "target", "tag", "y", "species", "breed"];
    private static readonly string[] _parts = ["split", "subset", "partition"];
    private static readonly string[] _indices = ["", "index", "id", "no", "nr", "number", "row", "unnamed:0"];

    /// <summary>Finds the columns by the header, or by what is in them.</summary>
    /// <exception cref="InvalidDataException">They cannot be told.</exception>
    public static ListColumns Find(ListLines lines)
    {
        ListRow first = lines.Rows[0];
        bool header = HasNames(lines);
        string[] names = header ? [.. first.Fields.Select(Plain)] : [];
        var looked = new Looking(lines.Width, names, [.. lines.Rows.Skip(header ? 1 : 0).Take(Looked).Where(row => row.Fields.Length == lines.Width)], lines.File);
        int? path = looked.Path();
        int? part = path is { } known ? looked.Part(known) : null;
        int? label = path is null ? null : looked.Label([path, part]);
        return path is { } p && label is { } l ? new ListColumns(p, l, part, header) : throw lines.Wrong(first,
            "expected a column of paths and one of labels; name them in a first line such as path,label");
    }

    /// <summary>The part to which a line belongs.</summary>
    public ImagePart PartOf(ListRow row, ListLines lines) =>
        Part is null || row.Fields.Length != lines.Width ? default : ImagePartNames.Parse(row.Fields[Part.Value]) ?? throw lines.Wrong(row, "expected train, val or test as the part");

    // Names are no files; and they are known, or the next line has a file, and they are found in no other line.
    private static bool HasNames(ListLines lines)
    {
        string[] first = lines.Rows[0].Fields;
        if (first.Any(field => ImageFolder.IsListed(field) || field.AsSpan().ContainsAny('/', '\\'))) return false;
        if (first.Any(field => _paths.Contains(Plain(field)) || _labels.Contains(Plain(field)))) return true;
        return lines.Rows.Count > 1 && lines.Rows[1].Fields.Any(ImageFolder.IsListed) && !first.Any(field => field.Contains('.'))
            && lines.Rows.Skip(1).Take(Looked).All(row => !row.Fields.Intersect(first).Any());
    }

    private static string Plain(string name) => new([.. name.ToLowerInvariant().Where(c => c is not (' ' or '_' or '-'))]);

    private sealed record Looking(int Width, string[] Names, IReadOnlyList<ListRow> Rows, string File)
    {
        private IEnumerable<int> All => Enumerable.Range(0, Width);

        public int? Path()
        {
            int[] images = [.. All.Where(column => Most(column, ImageFolder.IsListed))];
            if (images is [int only]) return only;
            if (Named(_paths, images.Length > 0 ? images : All) is { } named) return named;
            string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(File))!;
            return First(images.Length > 0 ? images : All.Where(column => Most(column, field => System.IO.File.Exists(System.IO.Path.Combine(folder, field)))));
        }

        public int? Part(int path) => Named(_parts, All.Where(column => column != path))
            ?? (Width < 3 ? null : First(All.Where(column => column != path && !IsNamed(column, _labels) && HoldsParts(column))));

        public int? Label(int?[] taken)
        {
            int[] left = [.. All.Where(column => !taken.Contains(column))];
            if (Named(_labels, left) is { } named) return named;
            int[] filled = [.. left.Where(column => Rows.Any(row => row.Fields[column].Length > 0))];
            if (filled.Length > 1) filled = [.. filled.Where(column => !IsIndex(column))];
            return filled is [int only] ? only : null;
        }

        private int? Named(string[] names, IEnumerable<int> columns) =>
            First(columns.Where(column => IsNamed(column, names)).OrderBy(column => Array.IndexOf(names, Names[column])));

        private bool IsNamed(int column, string[] names) => Names.Length > 0 && names.Contains(Names[column]);

        private bool HoldsParts(int column) => Rows.Count > 0 && Rows.All(row => ImagePartNames.Parse(row.Fields[column]) is not null);

        private static int? First(IEnumerable<int> columns) => columns.Select(column => (int?)column).FirstOrDefault();

        private bool Most(int column, Func<string, bool> holds) => Rows.Count > 0 && 2 * Rows.Count(row => holds(row.Fields[column])) >= Rows.Count;

        // A name for it, or numbers that go up by one from the first column.
        private bool IsIndex(int column) => IsNamed(column, _indices) || column == 0 && Rows.Count > 1 && Rows.Index().All(row =>
            int.TryParse(row.Item.Fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number - row.Index == int.Parse(Rows[0].Fields[0], NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
