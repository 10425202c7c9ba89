using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace CnnTrainers.Build.Tests.Packages;

/// <summary>What is in the packages.</summary>
[Collection(nameof(PackedProgram))]
public sealed class ContentTests(PackedProgram packed)
{
    private static readonly string _tool = $"CnnTrainers.Tool.{System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}";

    public static TheoryData<string> All => ["CnnTrainers", "CnnTrainers.Pipelines", "CnnTrainers.Templates", "CnnTrainers.Tool", _tool];

    [Theory]
    [MemberData(nameof(All))]
    public void Each_has_readme_icon_and_licence(string name)
    {
        XElement metadata = Metadata(packed.Package(name));
        Assert.Equal("MIT", Value("license"));
        Assert.All((string[])[Value("readme"), Value("icon"), "THIRD-PARTY.md"], file => Assert.Contains(file, Files(packed.Package(name))));
        Assert.InRange(Value("description").Length, 40, 300);

        string Value(string element) => metadata.Elements().Single(one => one.Name.LocalName == element).Value;
    }

    [Fact]
    public void The_library_brings_the_build_of_a_program_what_it_needs()
    {
        string[] files = Files(packed.Library);
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
    public void The_library_has_the_native_kernels_where_they_are_built() =>
        Assert.Equal(AreKernelsBuilt, Files(packed.Library).Contains("runtimes/linux-x64/native/libcnnkernels.so"));

    [Theory]
    [InlineData("CnnTrainers")]
    [InlineData("CnnTrainers.Pipelines")]
    public void Symbols_are_in_a_package_of_their_own(string name)
    {
        Assert.Contains($"lib/net10.0/{name}.pdb", Files(Path.ChangeExtension(packed.Package(name), ".snupkg")));
        Assert.DoesNotContain(Files(packed.Package(name)), file => file.EndsWith(".pdb"));
    }

    [Theory]
    [InlineData("CnnTrainers")]
    [InlineData("CnnTrainers.Pipelines")]
    public void Assemblies_do_not_say_in_which_folder_they_were_built(string name)
    {
        using var package = ZipFile.OpenRead(packed.Package(name));
        using var assembly = new MemoryStream();
        using (var entry = package.GetEntry($"lib/net10.0/{name}.dll")!.Open()) entry.CopyTo(assembly);
        string text = Encoding.Latin1.GetString(assembly.ToArray());
        Assert.Contains("/_/", text);
        Assert.DoesNotContain(Places.Repository, text);
    }

    [Fact]
    public async Task Packed_again_it_is_the_same_bit_for_bit()
    {
        using var again = new TemporaryFolder();
        await DotNet.Run(Places.Repository, "pack", "src/Pipelines", "--no-build", "-c", "Release", "-o", again.Path, "-p:VersionSuffix=", $"-p:DeterministicTimestamp={PackedProgram.Timestamp}", "-nologo", "-tl:off");
        Assert.Equal(File.ReadAllBytes(packed.Pipelines), File.ReadAllBytes(again[Path.GetFileName(packed.Pipelines)]));
    }

    [Fact]
    public void The_tool_is_small_enough_for_its_feed_and_has_the_licences_of_what_it_contains()
    {
        string path = packed.Package(_tool);
        Assert.InRange(new FileInfo(path).Length, 50_000_000, 250_000_000);
        string[] files = Files(path);
        Assert.Contains(files, file => file.EndsWith("/DotnetToolSettings.xml"));
        Assert.Equal(AreKernelsBuilt, files.Any(file => file.EndsWith("/libcnnkernels.so")));
        foreach (string contained in new[] { "libtorch-cpu", "microsoft.ml/", "microsoft.ml.onnxruntime/", "skiasharp/", "torchsharp" })
            Assert.Contains(files, file => file.StartsWith($"licences/{contained}"));
    }

    [Fact]
    public void The_list_of_the_tools_packages_has_a_package_for_every_system()
    {
        using var package = ZipFile.OpenRead(packed.Package("CnnTrainers.Tool"));
        using var settings = package.GetEntry("tools/any/any/DotnetToolSettings.xml")!.Open();
        Assert.Equal(["CnnTrainers.Tool.linux-x64", "CnnTrainers.Tool.osx-arm64", "CnnTrainers.Tool.win-x64"],
            XDocument.Load(settings).Descendants("RuntimeIdentifierPackage").Select(one => one.Attribute("Id")!.Value).Order(StringComparer.Ordinal));
    }

    private static bool AreKernelsBuilt => File.Exists(Path.Combine(Places.Repository, "artifacts/native/libcnnkernels.so"));

    private static string[] Files(string path)
    {
        using var package = ZipFile.OpenRead(path);
        return [.. package.Entries.Select(entry => entry.FullName)];
    }

    private static XElement Metadata(string path)
    {
        using var package = ZipFile.OpenRead(path);
        using var nuspec = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec")).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single();
    }

    /// <summary>What a package depends on, without SkiaSharp's packages: those are pinned to one version.</summary>
    private static string[] Dependencies(string path) =>
        [.. Metadata(path).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value).Where(id => !id.StartsWith("SkiaSharp")).Order(StringComparer.Ordinal)];
}
