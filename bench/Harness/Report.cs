using System.Globalization;
using System.Text;

namespace CnnTrainers.Bench.Harness;

/// <summary>A page of results: its heading, where and how it was measured, then tables and text.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    public Report(string title, string command, Cores cores, IEnumerable<string> versions)
    {
        _text.Append(CultureInfo.InvariantCulture, $"# {title}\n\n");
        Line($"Written by `{command}` on {DateTime.UtcNow:yyyy-MM-dd}. How to read it: [README](../README.md).");
        Line($"- Machine: {MachineLine.Describe(cores)}");
        Line($"- Ours: {MachineLine.Build}");
        foreach (string version in versions.Where(v => v.Length > 0).Distinct())
            Line($"- Peer: {version}");
        if (MachineLine.IsBusy)
            Line(string.Create(CultureInfo.InvariantCulture, $"- **The machine was busy** (load {MachineLine.Load:0.0} before the start): a smoke run, not a result."));
        _text.Append('\n');
    }

    public void Line(string text) => _text.Append(text).Append('\n');

    public void Section(string title) => _text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");

    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        Line($"| {string.Join(" | ", header)} |");
        Line($"|{string.Concat(header.Select(_ => "---|"))}");
        foreach (IReadOnlyList<string> row in rows)
            Line($"| {string.Join(" | ", row)} |");
        _text.Append('\n');
    }

    /// <summary>Prints the page and, with a name, writes it to bench/results.</summary>
    public void Finish(string? name)
    {
        string text = _text.ToString().TrimEnd('\n') + "\n";
        Console.Write(text);
        if (name is null)
            return;
        string path = Checkout.PathOf("results", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        Console.Error.WriteLine($"written: bench/results/{name}");
    }
}
