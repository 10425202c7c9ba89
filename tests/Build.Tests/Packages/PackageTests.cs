using CnnTrainers.LoadableTorch;

namespace CnnTrainers.Build.Tests.Packages;

[Collection(nameof(PackedProgram))]
public sealed class PackageTests(PackedProgram packed)
{
    private const string TorchLibrary = "libLibTorchSharp.so";

    [Fact]
    public async Task The_program_of_the_readme_trains_saves_and_loads_outside_the_repository()
    {
        byte[] cached = File.ReadAllBytes(Places.TorchLibrary);

        var (said, lines) = await packed.Trained;

        Assert.Contains("0 Warning(s)", said);
        AssertLearned(lines);
        Assert.Equal(cached, File.ReadAllBytes(Places.TorchLibrary));
        if (OperatingSystem.IsLinux())
            AssertMadeLoadableWhereNeeded(Path.Combine(packed.Project, "out"));
    }

    [Fact]
    public async Task A_program_without_libtorch_scores_with_ONNX_Runtime()
    {
        await packed.Trained;
        string project = packed.WriteScorer("scorer", $"""<PackageReference Include="Microsoft.ML.OnnxRuntime" Version="{Places.OnnxRuntimeVersion}" />""");

        await DotNet.Run(project, "publish", "-nologo", "-tl:off", "-o", "out");
        string[] dark = await Score(project, "dark/0.png"), light = await Score(project, "light/0.png");

        Assert.Equal(["dark", "onnxruntime"], dark[..2]);
        Assert.Equal(["light", "onnxruntime"], light[..2]);
        string[] files = Directory.GetFiles(Path.Combine(project, "out"));
        Assert.DoesNotContain(files, file => Path.GetFileName(file).Contains("torch_cpu"));
        Assert.InRange(files.Sum(file => new FileInfo(file).Length), 1 << 20, 120 << 20);
    }

    [Fact]
    public async Task A_program_with_neither_says_which_packages_there_are()
    {
        await packed.Trained;
        string project = packed.WriteScorer("neither", "");

        await DotNet.Run(project, "publish", "-nologo", "-tl:off", "-o", "out");
        var (exit, said) = await DotNet.Try(packed.Project, "exec", Path.Combine(project, "out", "app.dll"), "flowers.zip", "dark/0.png");

        Assert.NotEqual(0, exit);
        Assert.Contains("TorchSharp-cpu (libtorch, which trains too), or Microsoft.ML.OnnxRuntime", said);
    }

    private async Task<string[]> Score(string project, string image) =>
        PackedProgram.Lines(await DotNet.Run(packed.Project, "exec", Path.Combine(project, "out", "app.dll"), "flowers.zip", image));

    [Fact]
    public async Task A_portable_program_has_the_copy_for_Linux_and_learns_where_there_is_only_the_runtime()
    {
        string project = packed.WriteProject("portable", "<CnnOlderLinux>true</CnnOlderLinux>");

        await DotNet.Run(project, "publish", "-nologo", "-tl:off", "-c", "Release", "-o", "out");

        foreach (string output in new[] { "bin/Release/net10.0", "out" })
        {
            AssertWeak(Path.Combine(project, output, "runtimes/linux-x64/native", TorchLibrary));
            Assert.True(OptionSet(Path.Combine(project, output)));
        }
        using var runtime = new RuntimeAlone();
        AssertLearned(await runtime.Run(packed.WithImages("in a container"), runtime.Host, Path.Combine(project, "out/app.dll")));
    }

    [Fact]
    public async Task A_program_in_one_file_has_the_copy_beside_it_and_learns()
    {
        string project = packed.WriteProject("single", "<RuntimeIdentifier>linux-x64</RuntimeIdentifier><PublishSingleFile>true</PublishSingleFile><SelfContained>false</SelfContained><CnnOlderLinux>true</CnnOlderLinux><EnableSingleFileAnalyzer>false</EnableSingleFileAnalyzer>"); // the analyzer would be fetched

        await DotNet.Run(project, "publish", "-nologo", "-tl:off", "-o", "out");

        AssertWeak(Path.Combine(project, "out", TorchLibrary));
        Assert.False(File.Exists(Path.Combine(project, "out", "app.dll")));
        using var runtime = new RuntimeAlone();
        AssertLearned(await runtime.Run(packed.WithImages("one file"), Path.Combine(project, "out/app")));
    }

    [Fact]
    public async Task A_program_in_FSharp_learns_saves_and_loads()
    {
        string project = packed.WriteFSharp("fsharp");
        string[] said = PackedProgram.Lines(await DotNet.Run(packed.WithImages("for F#"), "run", "--project", project));
        Assert.Equal(["1.000", "dark"], said);
    }

    /// <summary>What the program of the README says, and what the tests add to it.</summary>
    private static void AssertLearned(string[] lines)
    {
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("100.0 %", lines[0]);
        Assert.StartsWith("accuracy 1, ", lines[1]);
        Assert.Equal(lines[1], lines[2]);
        Assert.Equal($"dark/0.png is dark, kernels {File.Exists(Path.Combine(Places.Repository, "artifacts/native/libcnnkernels.so"))}", lines[3]);
    }

    private static void AssertMadeLoadableWhereNeeded(string output)
    {
        bool needed = !Program.VersionsOf(LoadableTorch.Libraries.System).Contains(LoadableTorch.Libraries.Unused);
        Assert.Equal(needed, OptionSet(output));
        if (needed)
            AssertWeak(Path.Combine(output, TorchLibrary));
    }

    private static void AssertWeak(string library)
    {
        using var folder = new TemporaryFolder();
        Program.Make(Places.TorchLibrary, folder["expected.so"], new HashSet<string>());
        Assert.Equal(File.ReadAllBytes(folder["expected.so"]), File.ReadAllBytes(library));
    }

    private static bool OptionSet(string output) =>
        File.ReadAllText(Path.Combine(output, "app.runtimeconfig.json")).Contains("\"CnnTrainers.MadeTorchLoadable\": true");
}
