using System.Diagnostics;

namespace CnnTrainers.Distributed.Tests;

/// <summary>
/// Two processes that reach each other by TCP alone: each in a network namespace of its own, joined by a virtual cable (two-machines.sh), where
/// this machine lets it; else over the loopback.
/// </summary>
internal static class TwoMachines
{
    private static readonly string _script = Path.Combine(AppContext.BaseDirectory, "two-machines.sh");
    private static readonly string[] _loopback = ["--mca", "pml", "ob1", "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", "lo"];
    private static readonly Lazy<Mpirun.Result> _tried = new(() => Mpirun.Finish(Process.Start(Mpirun.Quietly("sh", [_script]))!));

    /// <summary>Whether there can be namespaces.</summary>
    public static bool Are => _tried.Value.ExitCode == 0;

    /// <summary>Which it was, and why, for the output of a test.</summary>
    public static string Which => Are
        ? "TCP between two network namespaces"
        : $"TCP over the loopback: this machine lets nobody make network namespaces ({_tried.Value.Errors.Trim()})";

    /// <summary>One of <see cref="Parts"/> in two processes.</summary>
    public static Mpirun.Result Run(string part, params string[] arguments) => Start([Mpirun.Own, Mpirun.Part, part, .. arguments]);

    /// <summary>The tool in two.</summary>
    public static Mpirun.Result Tool(params string[] arguments) => Start([Mpirun.ToolAssembly, .. arguments]);

    private static Mpirun.Result Start(string[] command) =>
        Mpirun.Finish(Are ? Process.Start(Mpirun.Quietly("sh", [_script, "dotnet", .. command]))! : Mpirun.Start(2, command, _loopback));
}
