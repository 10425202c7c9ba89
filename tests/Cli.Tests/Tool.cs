using System.Diagnostics;
using System.Text.Json;

namespace CnnTrainers.Cli.Tests;

/// <summary>Runs the built tool in a process of its own, as users do.</summary>
internal static class Tool
{
    public sealed record Result(int ExitCode, string Output, string Errors)
    {
        public JsonElement Json => JsonDocument.Parse(Output.TrimEnd().Split('\n')[^1]).RootElement;
    }

    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "cnn.dll");

    public static Result Run(params string[] arguments) => RunFrom(Assembly, arguments);

    public static Result RunFrom(string assembly, params string[] arguments)
    {
        using Process process = Start(assembly, arguments);
        return Finish(process);
    }

    /// <summary>Runs the tool where no file may grow past a size, as on a disk that is full.</summary>
    public static Result RunOnFullDisk(int kilobytes, params string[] arguments)
    {
        // With the signal ignored, the write itself fails; without W^X the runtime needs no large file of its own.
        string command = $"trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0; ulimit -f {kilobytes}; exec dotnet exec \"$@\"";
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", command, "bash", Assembly, .. arguments])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return Finish(process);
    }

    private static Result Finish(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output, errors.Result);
    }

    public static Process Start(string assembly, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
