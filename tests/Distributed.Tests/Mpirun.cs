using System.Diagnostics;

namespace CnnTrainers.Distributed.Tests;

/// <summary>Starts processes of this assembly or of the tool by mpirun, as a user does.</summary>
internal static class Mpirun
{
    /// <summary>The argument that makes a program of the assembly.</summary>
    public const string Part = "part";

    public sealed record Result(int ExitCode, string Output, string Errors, TimeSpan Took)
    {
        public Result Succeeded()
        {
            Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Errors}");
            return this;
        }
    }

    /// <summary>One of <see cref="Parts"/> in several processes.</summary>
    public static Result Run(int processes, string part, params string[] arguments) =>
        Finish(Start(processes, [Own, Part, part, .. arguments]));

    /// <summary>The tool in several processes.</summary>
    public static Result Tool(int processes, params string[] arguments) => Finish(Start(processes, [ToolAssembly, .. arguments]));

    /// <summary>The tool in one, without mpirun.</summary>
    public static Result ToolAlone(params string[] arguments) => Finish(Process.Start(Quietly("dotnet", [ToolAssembly, .. arguments]))!);

    public static string Own => typeof(Mpirun).Assembly.Location;

    public static string ToolAssembly { get; } = Path.Combine(AppContext.BaseDirectory, "cnn.dll");

    /// <summary>Starts it, with the options of mpirun that a machine of few processors and a container need.</summary>
    public static Process Start(int processes, IEnumerable<string> command, params string[] options) =>
        Process.Start(Quietly("mpirun", ["-np", $"{processes}", "--oversubscribe", "--bind-to", "none", .. options, "dotnet", .. command]))!;

    public static Result Finish(Process process)
    {
        using var owned = process;
        var started = Stopwatch.GetTimestamp();
        Task<string> errors = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(3)), "It did not end within 3 minutes.");
        return new(process.ExitCode, output.Result, errors.Result, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>A program whose output is read, and which mpirun may be, or be started by.</summary>
    public static ProcessStartInfo Quietly(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TERM"] = "dumb"; // mpirun gives each process a terminal of its own
        foreach (var name in (string[])["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"])
            start.Environment[name] = "1";
        return start;
    }
}
