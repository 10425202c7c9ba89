using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn inspect</c>: what a model file holds, and what is wrong with it.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A model file (.zip) that any ML.NET program wrote." };
        var json = CommonOptions.Json();
        var command = new Command("inspect", "Show what a model file holds: entries, transformers, columns, classes; and what is damaged. Nothing of it is run.") { model, json };
        command.SetBody((parsed, _) => Run(parsed.GetValue(model)!, new Output(parsed.GetValue(json))), needsLibTorch: false);
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
        string version = report.WrittenBy is null ? "" : $", written by ML.NET {ModelFileText.Plain(report.WrittenBy)}";
        output.Line($"{path}: {Number(report.Bytes)} bytes, {report.Entries.Count} entries{version}");
        if (report.Entries.Count > 0) PrintEntries(report, output);
        if (report.InputSchema is { } schema) PrintSchema("input schema", schema, output);
        if (report.Model is { } model) PrintParts("model", [model], output);
        if (report.OtherParts.Count > 0) PrintParts("other parts", report.OtherParts, output);
        if (report.Faults.Count > 0) PrintFaults(report, output);
    }

    private static void PrintEntries(ModelFileReport report, Output output)
    {
        Table table = Columns("entry", "bytes", "packed");
        foreach (int number in (int[])[1, 2]) table.Columns[number].RightAligned();
        foreach (ModelFileEntry entry in report.Entries) Row(table, entry.Name, Number(entry.Bytes), Number(entry.PackedBytes));
        output.Table(table);
    }

    private static void PrintSchema(string title, IReadOnlyList<ModelFileColumn> schema, Output output)
    {
        output.Line(title);
        Table table = Columns("column", "type", "annotations");
        foreach (ModelFileColumn column in schema)
            Row(table, column.Name + (column.IsHidden ? " (hidden)" : ""), column.Type, string.Join('\n', column.Annotations.Select(a => $"{a.Kind}: {ModelFileText.Short(a.Value)}")));
        output.Table(table);
    }

    private static void PrintParts(string title, IReadOnlyList<ModelFilePart> parts, Output output)
    {
        output.Line(title);
        Table table = Columns("part", "loader", "signature", "version", "assembly", "says");
        foreach (ModelFilePart part in parts) AddPart(table, part, 0);
        output.Table(table);
        foreach (ModelFilePart part in parts) PrintStreams(part, output);
    }

    private static void AddPart(Table table, ModelFilePart part, int depth)
    {
        string assembly = (part.Assembly ?? "").Split(", Culture=")[0].Replace(", Version=", " ");
        Row(table, new string(' ', 2 * depth) + part.Name, part.Loader + (part.AlternativeLoader is { } other ? $"\nor {other}" : ""), part.Signature,
            Version(part), assembly, string.Join('\n', ModelFileText.Lines(part)));
        foreach (ModelFilePart inside in part.Parts) AddPart(table, inside, depth + 1);
    }

    private static void PrintStreams(ModelFilePart part, Output output)
    {
        foreach (ModelFileStream stream in part.Streams)
            if (stream.Schema is { } schema) PrintSchema(ModelFileText.Plain($"{part.Folder}/{stream.Name}"), schema, output);
        foreach (ModelFilePart inside in part.Parts) PrintStreams(inside, output);
    }

    private static void PrintFaults(ModelFileReport report, Output output)
    {
        output.Line("damaged");
        Table table = Columns("entry", "byte", "expected", "got");
        foreach (ModelFileFault fault in report.Faults) Row(table, fault.Entry ?? "(the file)", fault.Offset is { } offset ? Number(offset) : "", fault.Expected, fault.Got);
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

    // 0x00010003 is 1.3.
    private static string Version(ModelFilePart part) => $"{part.Version >> 16}.{part.Version & 0xFFFF}" + (part.ReadableBy == part.Version ? "" : $" (for {part.ReadableBy >> 16}.{part.ReadableBy & 0xFFFF})");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
