using System.Diagnostics;
using System.Text.Json;

namespace CnnTrainers.Pipelines.Tests.Reports.Browser;

/// <summary>Runs the scripts beside this file, where the build has put them with the packages that they need.</summary>
internal static class Node
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <summary>The JSON that a script prints.</summary>
    public static JsonElement Run(string script, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments]) { WorkingDirectory = Folder(), RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"node {script} took longer than {_patience}.");
        }
        if (process.ExitCode != 0) throw new InvalidOperationException($"node {script} ended with {process.ExitCode}: {errors.Result}");
        return JsonDocument.Parse(output.Result).RootElement;
    }

    private static string Folder() =>
        typeof(Node).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
            .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(a => a.Key == "NpmPlace").Value!;
}
