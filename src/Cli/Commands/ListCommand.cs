using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn list</c>: the architectures.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "List the architectures that --arch takes.") { json };
        command.SetBody((parsed, _) => Run(new Output(parsed.GetValue(json))), needsLibTorch: false);
        return command;
    }

    private static int Run(Output output)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("name");
        foreach (string column in (string[])["parameters", "MACs", "size", "least"]) table.AddColumn(new TableColumn(column).RightAligned());
        table.AddColumn("year").AddColumn("paper");
        (CnnArchitecture Architecture, ArchitectureCost Cost)[] all = [.. CnnArchitecture.All.Select(a => (a, ArchitectureCost.Of(a)))];
        foreach (var (a, cost) in all)
            table.AddRow(a.Name, Millions(cost.Parameters), Millions(cost.MultiplyAccumulates), $"{a.DefaultSize}", $"{a.MinimumSize}", $"{a.Year}", Markup.Escape(a.Paper));
        output.Table(table);
        output.Line("Parameters in millions with 1000 classes; multiply-accumulates (MACs) in millions for one image of the default size;");
        output.Line("size and least: height and width in pixels, by default and at least. For the layers: cnn summary NAME");
        output.Result(all.Select(one => new
        {
            one.Architecture.Name,
            one.Cost.Parameters,
            one.Cost.MultiplyAccumulates,
            one.Architecture.DefaultChannels,
            one.Architecture.DefaultSize,
            one.Architecture.MinimumSize,
            one.Architecture.Year,
            one.Architecture.Paper,
        }));
        return ExitCode.Well;
    }

    private static string Millions(long count) => (count / 1e6).ToString("N2", CultureInfo.InvariantCulture);
}
