namespace CnnTrainers.Pipelines;

/// <summary>Reads a data set from a text file that lists image paths and labels, one image a line.</summary>
/// <remarks>
/// The separator is a tab where the first line has one, else a comma. A field may stand in double quotes, a doubled quote inside
/// it standing for one. A first line of <c>path,label</c> or <c>ImagePath,Label</c> (any case) is a header. Empty lines are passed over.
/// </remarks>
public static class ImageList
{
    /// <summary>Reads the list.</summary>
    /// <param name="file">A .csv, .tsv or .txt file. Relative paths in it are relative to the file's own folder.</param>
    /// <param name="absolutePaths">
    /// False (default): paths as they stand in the file, to be given to <c>LoadImages</c> with the list's folder. True: full paths.
    /// </param>
    /// <returns>One row per line, in the file's order.</returns>
    /// <exception cref="FileNotFoundException"><paramref name="file"/> does not exist.</exception>
    /// <exception cref="InvalidDataException">A line has not exactly two fields, an empty field, or there is no line; the message names the line.</exception>
    public static IReadOnlyList<LabelledImage> Read(string file, bool absolutePaths = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (!File.Exists(file)) throw new FileNotFoundException($"The image list '{file}' does not exist.", file);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var images = new List<LabelledImage>();
        char separator = '\0';
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            bool first = separator == '\0';
            if (first) separator = line.Contains('\t') ? '\t' : ',';
            string[] fields = Split(line, separator);
            if (fields is not [{ Length: > 0 } path, { Length: > 0 } label])
                throw new InvalidDataException($"{file}, line {number}: expected a path and a label separated by {(separator == '\t' ? "a tab" : "a comma")}, got '{line}'.");
            if (first && IsHeader(path, label)) continue;
            images.Add(new LabelledImage { ImagePath = absolutePaths ? Path.GetFullPath(path, folder) : path, Label = label });
        }
        if (images.Count == 0) throw new InvalidDataException($"The image list '{file}' has no images in it. Expected lines of a path and a label.");
        return images;
    }

    private static bool IsHeader(string path, string label) =>
        label.Equals("label", StringComparison.OrdinalIgnoreCase) &&
        (path.Equals("path", StringComparison.OrdinalIgnoreCase) || path.Equals("ImagePath", StringComparison.OrdinalIgnoreCase));

    private static string[] Split(string line, char separator)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == separator && !quoted) { fields.Add(field.ToString().Trim()); field.Clear(); }
            else field.Append(line[i]);
        }
        fields.Add(field.ToString().Trim());
        return [.. fields];
    }
}
