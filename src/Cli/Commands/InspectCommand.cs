using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn inspect</c>: what a model file holds, and what is damaged in it.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A model file (.zip) that any ML.NET program wrote." };
        var json = CommonOptions.Json();
        var command = new Command("inspect", "Show what a model file holds: entries, transformers, columns, networks; and what is damaged. A whole file is loaded, as ML.NET loads it.") { model, json };
        command.SetBody((parsed, _) => Run(parsed.GetValue(model)!, new Output(parsed.GetValue(json))));
        return command;
    }

    private static int Run(string path, Output output)
    {
        if (!File.Exists(path)) throw new CliException($"the model file '{path}' does not exist.");
        ModelFileReport report = ModelFileReport.Read(path);
        if (output.Json) output.Result(report);
        else Print(path, report, output);
        if (report.Faults.Count == 0) return ExitCode.Well;
        string more = report.Faults.Count == 1 ? "" : $" ({report.Faults.Count - 1} more faults)";
        throw new CliException(ModelFileText.Plain($"'{path}' is damaged, or no model file: {report.Faults[0]}{more}"));
    }

    private static void Print(string path, ModelFileReport report, Output output)
    {
        string version = string.IsNullOrEmpty(report.WrittenBy) ? "" : $", written by ML.NET {ModelFileText.Plain(report.WrittenBy)}";
        output.Line($"{path}: {Number(report.Bytes)} bytes, {report.Entries.Count} entries{version}");
        if (report.Entries.Count > 0) PrintEntries(report, output);
        PrintColumns("columns that it was fitted on", report.InputColumns, output);
        if (report.Parts.Count > 0) PrintParts(report, output);
        PrintColumns("columns that it adds", report.OutputColumns, output);
        if (report.Missing is { } missing) output.Line(ModelFileText.Plain($"It does not load here: {missing}"));
        if (report.Faults.Count > 0) PrintFaults(report, output);
    }

    private static void PrintEntries(ModelFileReport report, Output output)
    {
        Table table = Columns("entry", "bytes", "packed");
        foreach (int number in (int[])[1, 2]) table.Columns[number].RightAligned();
        foreach (ModelFileEntry entry in report.Entries) Row(table, entry.Name, Number(entry.Bytes), Number(entry.PackedBytes));
        output.Table(table);
    }

    private static void PrintColumns(string title, IReadOnlyList<ModelFileColumn>? columns, Output output)
    {
        if (columns is not { Count: > 0 }) return;
        output.Line(title);
        Table table = Columns("column", "type");
        foreach (ModelFileColumn column in columns) Row(table, column.Name + (column.IsHidden ? " (hidden)" : ""), column.Type);
        output.Table(table);
    }

    private static void PrintParts(ModelFileReport report, Output output)
    {
        output.Line("model");
        Table table = Columns("part", "loader", "signature", "version", "assembly", "says");
        foreach (ModelFilePart part in report.Parts)
        {
            string assembly = (part.Assembly ?? "").Split(", Culture=")[0].Replace(", Version=", " ");
            int depth = part.Folder.Count(c => c == '/');
            Row(table, new string(' ', 2 * depth) + part.Folder[(part.Folder.LastIndexOf('/') + 1)..], part.Loader, part.Signature, $"{part.Version >> 16}.{part.Version & 0xFFFF}", assembly, // 0x00010003 is 1.3
                part.Network is { } network ? string.Join('\n', ModelFileText.Lines(network)) : "");
        }
        output.Table(table);
    }

    private static void PrintFaults(ModelFileReport report, Output output)
    {
        output.Line("damaged");
        Table table = Columns("entry", "expected", "got");
        foreach (ModelFileFault fault in report.Faults) Row(table, fault.Entry ?? "(the file)", fault.Expected, fault.Got);
        output.Table(table);
    }

    private static Table Columns(params string[] names)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string name in names) table.AddColumn(name);
        return table;
    }

    // A file's texts are no markup, and none of them may move the cursor.
    private static void Row(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(ModelFileText.Plain(cell))));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
