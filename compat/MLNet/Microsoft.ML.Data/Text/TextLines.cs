namespace Microsoft.ML.Data;

/// <summary>The lines of a source that hold data, and its header lines.</summary>
internal static class TextLines
{
    /// <summary>One line and its place in its file, from 1.</summary>
    public readonly record struct Line(string Text, long Number, int File);

    /// <summary>Data lines of all files: no empty lines, no comments on top, no headers.</summary>
    public static IEnumerable<Line> Data(IMultiStreamSource source, TextLoader.Options options)
    {
        for (int file = 0; file < source.Count; file++)
        {
            bool headerAhead = options.HasHeader;
            foreach (var line in WithoutComments(source, file, options))
            {
                if (!headerAhead)
                    yield return line;
                headerAhead = false;
            }
        }
    }

    /// <summary>The line that names the fields, or null.</summary>
    public static string Header(IMultiStreamSource sample, TextLoader.Options options)
    {
        if (!string.IsNullOrEmpty(options.HeaderFile))
            return WithoutComments(new MultiFileSource(options.HeaderFile), 0, options).FirstOrDefault().Text;
        return options.HasHeader && sample is { Count: > 0 } ? WithoutComments(sample, 0, options).FirstOrDefault().Text : null;
    }

    private static IEnumerable<Line> WithoutComments(IMultiStreamSource source, int file, TextLoader.Options options)
    {
        bool onTop = true;
        using var reader = source.OpenTextReader(file);
        long number = 0;
        while (reader.ReadLine() is string text)
        {
            number++;
            long first = number;
            if (string.IsNullOrWhiteSpace(text) || (onTop && (text.StartsWith("//", StringComparison.Ordinal) || text.StartsWith('#'))))
                continue;
            onTop = false;
            while (options.ReadMultilines && options.AllowQuoting && new TextFields(options).EndsInsideQuotes(text) && reader.ReadLine() is string more)
            {
                number++;
                text += "\n" + more;
            }
            yield return new Line(options.TrimWhitespace ? text.TrimEnd() : text, first, file);
        }
    }
}
