using System.Globalization;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// The lines on top of a saved text file that describe it:
/// <code>
/// #@ TextLoader{
/// #@   header+
/// #@   sep=tab
/// #@   col=Label:R4:0
/// #@   col=Kind:U4[3]:1
/// #@   col=Features:R4:2-5
/// #@ }
/// </code>
/// </summary>
internal static class TextSchemaComment
{
    private static readonly (string Name, char Character)[] SeparatorNames =
        [("tab", '\t'), ("space", ' '), ("comma", ','), ("colon", ':'), ("semicolon", ';'), ("bar", '|')];

    /// <summary>The options that a file describes itself with, or null.</summary>
    public static TextLoader.Options Read(IMultiStreamSource source)
    {
        using var reader = source.OpenTextReader(0);
        if (reader.ReadLine()?.TrimEnd() != "#@ TextLoader{")
            return null;
        var options = new TextLoader.Options { AllowQuoting = true, AllowSparse = true };
        var columns = new List<TextLoader.Column>();
        while (reader.ReadLine() is string line && line.StartsWith("#@", StringComparison.Ordinal))
        {
            string text = line[2..].Trim();
            if (text == "}")
                break;
            if (text is "header+" or "header-")
                options.HasHeader = text == "header+";
            else if (text.StartsWith("sep=", StringComparison.Ordinal))
                options.Separators = [SeparatorOf(text[4..])];
            else if (text.StartsWith("col=", StringComparison.Ordinal))
                columns.Add(ColumnOf(text[4..]));
            else
                throw Contracts.ExceptDecode("The description on top of the text file has a line that is not understood: {0}", line);
        }
        options.Columns = [.. columns];
        return columns.Count > 0 ? options : null;
    }

    /// <param name="columns">Each column with the number of fields that it takes; 0 for as many as a line has.</param>
    public static string Write(bool header, char separator, IEnumerable<(string Name, PrimitiveDataViewType Type, int Fields, bool IsVector)> columns)
    {
        var text = new StringBuilder("#@ TextLoader{\n");
        text.Append(header ? "#@   header+\n" : "#@   header-\n");
        text.Append(CultureInfo.InvariantCulture, $"#@   sep={NameOf(separator)}\n");
        int index = 0;
        foreach (var (name, type, fields, isVector) in columns)
        {
            string count = type is KeyDataViewType key ? $"[{key.Count}]" : "";
            string range = fields == 0 ? $"{index}-**" : isVector ? $"{index}-{index + fields - 1}" : $"{index}";
            text.Append(CultureInfo.InvariantCulture, $"#@   col={Quote(name)}:{TextKinds.NameOf(type)}{count}:{range}\n");
            index += fields;
        }
        return text.Append("#@ }\n").ToString();
    }

    private static string Quote(string name) => name.Any(c => c is ':' or ' ' or '{' or '}') ? $"{{{name}}}" : name;

    private static string NameOf(char separator)
        => SeparatorNames.FirstOrDefault(pair => pair.Character == separator).Name ?? separator.ToString();

    private static char SeparatorOf(string name)
    {
        foreach (var (known, character) in SeparatorNames)
        {
            if (known == name)
                return character;
        }
        return name.Length == 1 ? name[0] : throw Contracts.ExceptDecode("The separator '{0}' is not understood", name);
    }

    private static TextLoader.Column ColumnOf(string text)
    {
        int rangeAt = text.LastIndexOf(':');
        int kindAt = rangeAt > 0 ? text.LastIndexOf(':', rangeAt - 1) : -1;
        if (kindAt <= 0)
            throw Contracts.ExceptDecode("The column '{0}' is not understood", text);
        string name = text[..kindAt];
        if (name.StartsWith('{') && name.EndsWith('}'))
            name = name[1..^1];
        string[] kind = text[(kindAt + 1)..rangeAt].Split('[', ']');
        var dataKind = TextKinds.KindOf(kind[0]) ?? throw Contracts.ExceptDecode("The type of column '{0}' is not understood", text);
        var count = kind.Length > 1 ? new KeyCount(ulong.Parse(kind[1], CultureInfo.InvariantCulture)) : null;
        return new TextLoader.Column(name, dataKind, [RangeOf(text[(rangeAt + 1)..])], count);
    }

    private static TextLoader.Range RangeOf(string text)
    {
        string[] ends = text.Split('-');
        int min = int.Parse(ends[0], CultureInfo.InvariantCulture);
        if (ends.Length == 1)
            return new TextLoader.Range(min);
        if (ends[1] == "**")
            return new TextLoader.Range { Min = min, VariableEnd = true, ForceVector = true };
        return new TextLoader.Range(min, int.Parse(ends[1], CultureInfo.InvariantCulture)) { ForceVector = true };
    }
}
