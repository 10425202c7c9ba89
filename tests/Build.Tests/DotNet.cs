using System.Diagnostics;

namespace CnnTrainers.Build.Tests;

/// <summary>Runs the SDK as a user does.</summary>
internal static class DotNet
{
    /// <summary>Runs dotnet and returns what it said; fails where it failed.</summary>
    public static async Task<string> Run(string folder, params string[] arguments)
    {
        var (exit, said) = await Try(folder, arguments);
        Assert.True(exit == 0, $"dotnet {string.Join(' ', arguments)} in {folder} ended with {exit}:\n{said}");
        return said;
    }

    /// <summary>Runs dotnet and returns its exit code and what it said.</summary>
    public static async Task<(int Exit, string Said)> Try(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { WorkingDirectory = folder };
        // The test program's own MSBuild settings are not those of the programs that it builds.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        return await Finish(start);
    }

    /// <summary>The host that these tests run on.</summary>
    public static string Program { get; } = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>Runs any program to its end and returns its exit code and what it said.</summary>
    public static async Task<(int Exit, string Said)> Finish(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
