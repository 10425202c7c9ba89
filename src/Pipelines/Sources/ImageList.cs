namespace CnnTrainers.Pipelines;

/// <summary>Reads a data set from a text file that lists image paths and labels, one image a line.</summary>
/// <remarks>
/// UTF-8 or UTF-16, with commas, tabs, semicolons, bars or single spaces between the fields, whichever give columns; a field may stand in double quotes,
/// a doubled quote inside it standing for one. The columns are found by a header line (<c>path,label</c>, <c>filename,class</c> and the like) or by what
/// is in them, in any order; a column that only counts the lines is passed over, and so are empty lines. A column of <c>train</c>, <c>val</c> and
/// <c>test</c>, or with a header such as <c>split</c>, says to which part an image belongs. Labels are text: <c>01</c> is another class than <c>1</c>.
/// </remarks>
public static class ImageList
{
    /// <summary>Reads a list that is not split.</summary>
    /// <param name="file">A .csv, .tsv or .txt file. Relative paths in it are relative to the file's own folder.</param>
    /// <param name="absolutePaths">
    /// False (default): paths as they stand in the file, to be given to <c>LoadPixels</c> with the list's folder. True: full paths.
    /// </param>
    /// <returns>One row per line, in the file's order.</returns>
    /// <exception cref="FileNotFoundException"><paramref name="file"/> does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// The columns cannot be told, a line has other fields than the first, or no path or label, there is no line, or there is a column of parts; the message names the line.
    /// </exception>
    public static IReadOnlyList<LabelledImage> Read(string file, bool absolutePaths = false)
    {
        ListedImages listed = List(file, absolutePaths);
        return !listed.IsSplit ? listed.Images : throw new InvalidDataException(
            $"{file} has a column that splits the images into parts, such as train and val. Expected a path and a label; {nameof(ImageList)}.{nameof(List)} reads all parts.");
    }

    /// <summary>Reads a list that may be split.</summary>
    /// <param name="file">As <see cref="Read"/> has it.</param>
    /// <param name="absolutePaths">As <see cref="Read"/> has it.</param>
    /// <returns>One row per line, in the file's order, of each part.</returns>
    /// <exception cref="FileNotFoundException"><paramref name="file"/> does not exist.</exception>
    /// <exception cref="InvalidDataException">As <see cref="Read"/> has it, but for the column of parts; or a value in it is no part.</exception>
    public static ListedImages List(string file, bool absolutePaths = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (!File.Exists(file)) throw new FileNotFoundException($"The image list '{file}' does not exist.", file);
        var lines = ListLines.Read(file);
        ListColumns columns = ListColumns.Find(lines);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var images = lines.Rows.Skip(columns.HasHeader ? 1 : 0).Select(row => (Part: columns.PartOf(row, lines), Image: Image(row))).ToList();
        if (images.Count == 0) throw new InvalidDataException($"The image list '{file}' has no images in it. Expected lines of a path and a label.");
        return columns.Part is null
            ? new ListedImages { Images = [.. images.Select(one => one.Image)] }
            : ListedImages.Of(images.ToLookup(one => one.Part, one => one.Image), []);

        LabelledImage Image(ListRow row)
        {
            if (row.Fields.Length != lines.Width) throw lines.Wrong(row, $"expected {lines.Width} fields as in the first line");
            string path = row.Fields[columns.Path], label = row.Fields[columns.Label];
            if (path.Length == 0 || label.Length == 0) throw lines.Wrong(row, "expected a path and a label");
            return new LabelledImage { ImagePath = absolutePaths ? Path.GetFullPath(path, folder) : path, Label = label };
        }
    }
}
