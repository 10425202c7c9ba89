using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace CnnTrainers.Pipelines;

/// <summary>A line of a list file.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Fields">Its fields.</param>
internal sealed record ListRow(int Line, string[] Fields);

/// <summary>The lines of a list file, cut into fields.</summary>
/// <param name="File">The file.</param>
/// <param name="Delimiter">What stands between the fields.</param>
/// <param name="Rows">The lines that are not empty.</param>
internal sealed record ListLines(string File, char Delimiter, IReadOnlyList<ListRow> Rows)
{
    private const int Looked = 20; // lines that say what stands between the fields

    // Of those that fit a file equally well, the first.
    private static readonly char[] _delimiters = [',', '\t', ';', '|', ' '];

    /// <summary>How many fields the first line has.</summary>
    public int Width => Rows.Count == 0 ? 0 : Rows[0].Fields.Length;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no text, or there is nothing between the fields of its first line.</exception>
    public static ListLines Read(string file)
    {
        try
        {
            ListLines[] tries = [.. _delimiters.Select(delimiter => new ListLines(file, delimiter, [.. Parse(file, delimiter).Take(Looked)]))];
            ListLines best = tries.MaxBy(lines => lines.Fit())!;
            if (best.Fit() == 0)
                throw tries[0].Rows.Count == 0 ? new InvalidDataException($"The image list '{file}' has no images in it. Expected lines of a path and a label.")
                    : best.Wrong(best.Rows[0], "expected a path and a label, with a comma, a tab, a semicolon, a bar or a space between");
            return best with { Rows = [.. Parse(file, best.Delimiter)] };
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"{file}: it is not text in UTF-8 or UTF-16; save it as UTF-8.");
        }
    }

    /// <summary>The error of a wrong line.</summary>
    public InvalidDataException Wrong(ListRow row, string expected) => new($"{File}, line {row.Line}: {expected}, found '{string.Join(Delimiter, row.Fields)}'.");

    // The lines that have as many fields as the first, those that name an image before all others; 0 where the first line has one field.
    private int Fit()
    {
        if (Width < 2) return 0;
        int same = Rows.Count(row => row.Fields.Length == Width);
        if (Delimiter == ' ' && same < Rows.Count) return 0; // names and labels have spaces too
        return same + 2 * Looked * Rows.Count(row => row.Fields.Length == Width && row.Fields.Any(ImageFolder.IsListed));
    }

    private static IEnumerable<ListRow> Parse(string file, char delimiter)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(), BadDataFound = null, TrimOptions = TrimOptions.Trim, WhiteSpaceChars = [delimiter == ' ' ? '\t' : ' '],
        });
        while (parser.Read())
            if (parser.Record is { } fields && fields.Any(field => field.Length > 0)) yield return new ListRow(parser.RawRow, fields);
    }
}
