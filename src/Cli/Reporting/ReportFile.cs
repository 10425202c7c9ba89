using System.CommandLine;
using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli.Reporting;

/// <summary>The HTML file that a user asked for with <c>--report</c>.</summary>
internal static class ReportFile
{
    public static Option<string?> Option() => new("--report") { Description = "Also write what happened as one HTML page to this file." };

    /// <summary>The full path of a file that can be written: fails before hours of training rather than after them. Null for processes that write nothing.</summary>
    public static string? Checked(string? path) => path is null || !Launched.IsFirst ? null : Writable.File("--report", path, "report.html");

    /// <summary>Writes the report. What the command has made until then stays, whatever happens.</summary>
    /// <param name="path">The file.</param>
    /// <param name="done">What was made, for messages: "model.zip was written".</param>
    /// <param name="make">Gathers the report.</param>
    public static void Write(string path, string done, Func<Report> make)
    {
        try
        {
            HtmlReport.Write(path, make());
        }
        catch (OperationCanceledException)
        {
            throw new CliException($"stopped; {done}, the report was not");
        }
        catch (Exception e) when (e is not CliException)
        {
            throw new CliException($"the report '{path}' could not be written: {CommandRunner.Explain(e)} ({done})");
        }
    }
}
