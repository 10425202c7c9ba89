using System.Diagnostics;

namespace CnnTrainers.Build.Tests.Packages;

[Collection(nameof(PackedProgram))]
public sealed class ToolTests(PackedProgram packed)
{
    [Fact]
    public async Task The_tool_installs_and_its_demo_runs()
    {
        TemporaryFolder folder = packed.Folder;
        await DotNet.Run(folder.Path, "tool", "install", "CnnTrainers.Tool", "--version", "0.1.0", "--tool-path", folder["tools"]);

        string demo = await Cnn("demo", "--images", "100", "--epochs", "1", "--out", "demo");
        string doctor = await Cnn("doctor");

        Assert.Contains("The new process measured the same accuracy and log loss.", demo);
        Assert.True(File.Exists(folder["demo/fashion-mnist.zip"]));
        Assert.EndsWith("ok", doctor.TrimEnd());
    }

    private async Task<string> Cnn(params string[] arguments)
    {
        var start = new ProcessStartInfo(packed.Folder["tools/cnn"], arguments) { WorkingDirectory = packed.Folder.Path };
        var (exit, said) = await DotNet.Finish(start);
        Assert.True(exit == 0, said);
        return said;
    }
}
