using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CnnTrainers.Build.Tests.Packages;

/// <summary>.NET as a container has it that only runs programs: the host and the runtime, no SDK, no package cache, nothing in the environment.</summary>
internal sealed class RuntimeAlone : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RuntimeAlone()
    {
        const string framework = "shared/Microsoft.NETCore.App";
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        Directory.CreateDirectory(_folder["shared"]);
        File.Copy(Path.Combine(dotnet, "dotnet"), Host);
        Directory.CreateSymbolicLink(_folder["host"], Path.Combine(dotnet, "host"));
        Directory.CreateSymbolicLink(_folder[framework], Path.Combine(dotnet, framework));
    }

    /// <summary>The program that runs assemblies.</summary>
    public string Host => _folder["dotnet"];

    /// <summary>Runs a program and returns the lines that it wrote; fails where it failed.</summary>
    public async Task<string[]> Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };
        start.Environment.Clear();
        start.Environment["DOTNET_ROOT"] = _folder.Path;
        var (exit, said) = await DotNet.Finish(start);
        Assert.True(exit == 0, said);
        return PackedProgram.Lines(said);
    }

    public void Dispose() => _folder.Dispose();
}
