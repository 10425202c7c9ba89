using System.Diagnostics;
using System.Text.Json;

namespace CnnTrainers.Cli;

/// <summary>This tool in a process of its own: with nothing in its memory of what this one has done.</summary>
internal static class OwnProcess
{
    /// <summary>How it is started: by dotnet, or as the program that an installed tool is, which need not find dotnet on PATH.</summary>
    public static ProcessStartInfo Info(params IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return new ProcessStartInfo(program, [.. (string[])(isHost ? ["exec", Environment.GetCommandLineArgs()[0]] : []), .. arguments]) { RedirectStandardOutput = true };
    }

    /// <summary>Runs a command that prints JSON.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="cancel">Ends the process.</param>
    /// <exception cref="CliException">It failed, with what it said.</exception>
    public static JsonElement Run(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        ProcessStartInfo start = Info(arguments);
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration stop = cancel.Register(() => process.Kill(entireProcessTree: true));
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        if (process.ExitCode == ExitCode.Well) return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        string said = errors.Result.Trim();
        throw new CliException(said.Length == 0 ? $"its process ended with {process.ExitCode}" : said.Split('\n')[^1].Replace("cnn: ", ""));
    }
}
