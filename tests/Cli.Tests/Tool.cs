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
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output, errors.Result);
    }

    public static Process Start(string assembly, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
