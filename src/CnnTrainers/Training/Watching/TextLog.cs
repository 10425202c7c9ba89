using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CnnTrainers.Training.Watching;

/// <summary>A log with a line for each row.</summary>
internal abstract class TextLog : IMetricsLog
{
    private readonly StreamWriter _writer;

    /// <param name="path">The file.</param>
    /// <param name="position">Where the fit is; later rows of the file are dropped.</param>
    /// <param name="header">The first line; null for none.</param>
    protected TextLog(string path, LogPosition position, string? header) =>
        _writer = new StreamWriter(LogFile.Reopen(path, (old, kept) => Copy(old, kept, position, header)), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };

    public void Write(MetricRow row) => _writer.WriteLine(Line(row));

    public void Dispose() => _writer.Dispose();

    /// <summary>A row as a line.</summary>
    protected abstract string Line(MetricRow row);

    /// <summary>Kind and step of a line; no kind where it is damaged.</summary>
    protected abstract (string? Kind, long Step) Parse(string line);

    /// <summary>A number so that it can be read back exactly.</summary>
    protected static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private void Copy(Stream old, Stream kept, LogPosition position, string? header)
    {
        using var reader = new StreamReader(old);
        using var writer = new StreamWriter(kept, new UTF8Encoding(false)) { NewLine = "\n" };
        if (header is not null)
            writer.WriteLine(header);
        while (reader.ReadLine() is { } line)
        {
            var (kind, step) = Parse(line);
            if (position.Keeps(kind, step))
                writer.WriteLine(line);
        }
    }
}

/// <summary>A table for spreadsheets: <c>kind,epoch,step</c>, then a column for every metric, empty where a row has none.</summary>
internal sealed class CsvLog(string path, LogPosition position) : TextLog(path, position, Header)
{
    private static readonly int Columns = 3 + MetricRow.Names.Count;

    private static string Header => $"kind,epoch,step,{string.Join(',', MetricRow.Names)}";

    protected override string Line(MetricRow row)
    {
        var values = MetricRow.Names.Select(name => row.Values.Where(value => value.Name == name).Select(value => Text(value.Value)).FirstOrDefault(""));
        return string.Create(CultureInfo.InvariantCulture, $"{row.Kind},{row.Epoch},{row.Step},{string.Join(',', values)}");
    }

    protected override (string? Kind, long Step) Parse(string line)
    {
        var cells = line.Split(',');
        return cells.Length == Columns && cells[^1] != "" && long.TryParse(cells[2], CultureInfo.InvariantCulture, out var step) ? (cells[0], step) : default;
    }
}

/// <summary>A JSON object for each row: <c>{"kind":"step","epoch":1,"step":20,"loss":0.7,…}</c>.</summary>
internal sealed class JsonLinesLog(string path, LogPosition position) : TextLog(path, position, null)
{
    protected override string Line(MetricRow row)
    {
        var values = string.Concat(row.Values.Where(value => double.IsFinite(value.Value)).Select(value => $",\"{value.Name}\":{Text(value.Value)}"));
        return string.Create(CultureInfo.InvariantCulture, $"{{\"kind\":\"{row.Kind}\",\"epoch\":{row.Epoch},\"step\":{row.Step}{values}}}");
    }

    protected override (string? Kind, long Step) Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return (json.RootElement.GetProperty("kind").GetString(), json.RootElement.GetProperty("step").GetInt64());
        }
        catch (Exception damage) when (damage is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return default;
        }
    }
}
