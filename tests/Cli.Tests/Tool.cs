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

    public static Result Run(params string[] arguments) => RunFrom(Assembly, new Dictionary<string, string>(), arguments);

    public static Result RunFrom(string assembly, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(assembly, arguments);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        return Finish(process);
    }

    /// <summary>Runs the tool with bytes that come through a pipe.</summary>
    public static Result RunWithInput(byte[] input, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(Assembly, arguments);
        start.RedirectStandardInput = true;
        using Process process = Process.Start(start)!;
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
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

    /// <summary>Does what Ctrl-C does, and waits for the end; not for ever, as a shell may have told its programs to ignore that signal.</summary>
    /// <returns>What the tool wrote after what was read already.</returns>
    public static Result Interrupt(Process process)
    {
        var patience = TimeSpan.FromMinutes(2);
        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        Task<string> errors = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The tool went on for {patience.TotalSeconds} s after SIGINT. A shell's background jobs ignore that signal, and so do programs started by them. {errors.Result}");
        }
        return new Result(process.ExitCode, output.Result, errors.Result);
    }

    private static Result Finish(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output, errors.Result);
    }

    public static Process Start(string assembly, params string[] arguments) => Process.Start(StartInfo(assembly, arguments))!;

    private static ProcessStartInfo StartInfo(string assembly, string[] arguments) =>
        new("dotnet", ["exec", assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
}
