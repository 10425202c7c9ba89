using System.IO.Compression;
using System.Xml.Linq;
using CnnTrainers.LoadableTorch;

namespace CnnTrainers.Build.Tests.Packages;

public sealed class PackageTests(PackedProgram packed) : IClassFixture<PackedProgram>
{
    private const string TorchLibrary = "libLibTorchSharp.so";

    [Fact]
    public void The_library_brings_the_build_of_a_program_what_it_needs()
    {
        using var package = ZipFile.OpenRead(packed.Library);

        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Contains("lib/net10.0/CnnTrainers.dll", files);
        Assert.Contains("lib/net10.0/CnnTrainers.xml", files);
        Assert.Contains("buildTransitive/CnnTrainers.targets", files);
        Assert.Contains("tools/LoadableTorch.dll", files);
        Assert.Contains("tools/LoadableTorch.runtimeconfig.json", files);
        Assert.Contains("README.md", files);
    }

    [Fact]
    public void The_packages_depend_on_the_published_ones_and_on_the_image_decoder_that_was_tested()
    {
        Assert.Equal(["Google.Protobuf", "Microsoft.ML", "Microsoft.ML.ImageAnalytics", "Microsoft.ML.OnnxRuntime.Managed", "Microsoft.ML.TorchSharp", "System.IO.Hashing", "TorchSharp"], Dependencies(packed.Library));
        Assert.Equal(["CsvHelper", "Microsoft.ML", "Microsoft.ML.ImageAnalytics"], Dependencies(packed.Pipelines));
    }

    [Fact]
    public async Task The_program_of_the_readme_trains_saves_and_loads_outside_the_repository()
    {
        byte[] cached = File.ReadAllBytes(Places.TorchLibrary);

        var (said, lines) = await packed.Trained;

        Assert.Contains("0 Warning(s)", said);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("accuracy 1, ", lines[0]);
        Assert.Equal(lines[0], lines[1]);
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
        (await DotNet.Run(packed.Project, "exec", Path.Combine(project, "out", "app.dll"), "flowers.zip", image)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task A_portable_program_and_its_publication_have_the_copy_for_Linux()
    {
        string project = packed.WriteProject("portable", "<CnnOlderLinux>true</CnnOlderLinux>");

        await DotNet.Run(project, "publish", "-nologo", "-tl:off", "-c", "Release", "-o", "out");

        foreach (string output in new[] { "bin/Release/net10.0", "out" })
        {
            AssertWeak(Path.Combine(project, output, "runtimes/linux-x64/native", TorchLibrary));
            Assert.True(OptionSet(Path.Combine(project, output)));
        }
    }

    [Fact]
    public async Task A_program_in_one_file_has_the_copy_beside_it()
    {
        string project = packed.WriteProject("single", "<RuntimeIdentifier>linux-x64</RuntimeIdentifier><PublishSingleFile>true</PublishSingleFile><SelfContained>false</SelfContained><CnnOlderLinux>true</CnnOlderLinux>");

        await DotNet.Run(project, "publish", "-nologo", "-tl:off", "-o", "out");

        AssertWeak(Path.Combine(project, "out", TorchLibrary));
        Assert.False(File.Exists(Path.Combine(project, "out", "app.dll")));
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

    /// <summary>What a package depends on, without SkiaSharp's packages: those are pinned to one version.</summary>
    private static string[] Dependencies(string path)
    {
        using var package = ZipFile.OpenRead(path);
        using var nuspec = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec")).Open();
        return [.. XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value).Where(id => !id.StartsWith("SkiaSharp")).Order(StringComparer.Ordinal)];
    }
}
