using System.CommandLine;
using Spectre.Console;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn list</c>: the architectures.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "List the architectures that --arch takes.") { json };
        command.SetBody((parsed, _) => Run(new Output(parsed.GetValue(json))));
        return command;
    }

    private static int Run(Output output)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumn("name").AddColumn("default size").AddColumn("minimum size").AddColumn("year").AddColumn("paper");
        foreach (CnnArchitecture a in CnnArchitecture.All)
            table.AddRow(a.Name, $"{a.DefaultSize}", $"{a.MinimumSize}", $"{a.Year}", Markup.Escape(a.Paper));
        output.Table(table);
        output.Result(CnnArchitecture.All.Select(a => new { a.Name, a.DefaultSize, a.MinimumSize, a.Year, a.Paper }));
        return ExitCode.Well;
    }
}
