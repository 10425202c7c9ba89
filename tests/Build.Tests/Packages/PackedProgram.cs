using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace CnnTrainers.Build.Tests.Packages;

/// <summary>
/// Our packages, packed into a folder outside the repository, and a project there that references them: the program that the package's
/// README shows, on images that are made here.
/// </summary>
public sealed class PackedProgram : IAsyncLifetime
{
    private const int Images = 8;
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<(string Built, string[] Lines)>> _run;

    public PackedProgram() => _run = new(Run);

    /// <summary>The package CnnTrainers.</summary>
    public string Library => _folder["feed/CnnTrainers.0.1.0.nupkg"];

    /// <summary>The package CnnTrainers.Pipelines.</summary>
    public string Pipelines => _folder["feed/CnnTrainers.Pipelines.0.1.0.nupkg"];

    /// <summary>The project's folder.</summary>
    public string Project => _folder["my app"];

    /// <summary>What the program's build and its one run said; the run leaves flowers.zip in the project's folder.</summary>
    public Task<(string Built, string[] Lines)> Trained => _run.Value;

    public async ValueTask InitializeAsync()
    {
        foreach (string project in new[] { "src/CnnTrainers", "src/Pipelines" })
            await DotNet.Run(Places.Repository, "pack", project, "--no-build", "-c", Places.Configuration, "-o", _folder["feed"], "-p:VersionSuffix=", "-nologo", "-tl:off");
        // Ours come from the feed, into a cache of their own; all others are in the machine's, which the build of this repository has filled.
        _folder.Write("nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><clear /><add key="feed" value="feed" /></packageSources>
              <fallbackPackageFolders><clear /><add key="machine" value="{Places.PackageCache}" /></fallbackPackageFolders>
            </configuration>
            """);
        WriteProject("my app", "<UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier><SelfContained>false</SelfContained>");
        foreach (var (name, brightness) in new[] { ("dark", 0), ("light", 155) })
            for (int i = 0; i < Images; i++)
                WriteImage(Path.Combine(Project, "flowers", name, $"{i}.png"), brightness, seed: i);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Writes the project into a folder, with some properties, and returns the folder.</summary>
    public string WriteProject(string folder, string properties)
    {
        string[] platforms = ["linux-x64", "win-x64", "win-arm64", "osx-arm64"];
        string others = string.Join(';', platforms.Where(platform => platform != RuntimeInformation.RuntimeIdentifier).Select(platform => $"libtorch-cpu-{platform}"));
        _folder.Write($"{folder}/app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <CreateHardLinksForPublishFilesIfPossible>true</CreateHardLinksForPublishFilesIfPossible>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="CnnTrainers" Version="0.1.0" />
                <PackageReference Include="CnnTrainers.Pipelines" Version="0.1.0" />
                <PackageReference Include="TorchSharp-cpu" Version="{Places.TorchSharpVersion}" />
                <PrunePackageReference Include="{others}" Version="{Places.LibTorchVersion}" />
              </ItemGroup>
            </Project>
            """);
        _folder.Write($"{folder}/Program.cs", Example() + """

            Print(metrics);
            Print(ml.MulticlassClassification.Evaluate(new MLContext().Model.Load("flowers.zip", out _).Transform(split.TestSet)));

            static void Print(Microsoft.ML.Data.MulticlassClassificationMetrics metrics) => Console.WriteLine($"accuracy {metrics.MicroAccuracy}, log loss {metrics.LogLoss}");
            """);
        return _folder[folder];
    }

    /// <summary>Writes a project that only scores, with or without something to score with, and returns its folder.</summary>
    public string WriteScorer(string folder, string engine)
    {
        _folder.Write($"{folder}/app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="CnnTrainers" Version="0.1.0" />
                <PackageReference Include="CnnTrainers.Pipelines" Version="0.1.0" />
                {engine}
              </ItemGroup>
            </Project>
            """);
        _folder.Write($"{folder}/Program.cs", """
            using System.Diagnostics;
            using CnnTrainers;
            using CnnTrainers.Pipelines;
            using Microsoft.ML;

            var ml = new MLContext();
            var model = ml.Model.Load(args[0], out _);
            var predictor = ml.Model.CreatePredictionEngine<LabelledImage, Answer>(model);
            var answer = predictor.Predict(new LabelledImage { ImagePath = args[1] });
            var seconds = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;
            Console.WriteLine(answer.PredictedLabel);
            Console.WriteLine(((IEnumerable<ITransformer>)model).OfType<CnnTransformer>().Single().Engine);
            Console.WriteLine($"{seconds:0.00} s, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");

            class Answer
            {
                public string PredictedLabel { get; set; } = "";
            }
            """);
        return _folder[folder];
    }

    private async Task<(string, string[])> Run()
    {
        string said = await DotNet.Run(Project, "build", "-nologo", "-tl:off", "-o", "out");
        return (said, (await DotNet.Run(Project, "exec", "out/app.dll")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The program that the package's README shows, on smaller images.</summary>
    private static string Example()
    {
        const string start = "```csharp\n";
        string text = File.ReadAllText(Path.Combine(Places.Repository, "src/CnnTrainers/README.md")).ReplaceLineEndings("\n");
        int at = text.IndexOf(start) + start.Length;
        return text[at..text.IndexOf("```", at)].Replace("96, 96", "32, 32"); // a ninth of the time
    }

    private static void WriteImage(string path, int brightness, int seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var random = new Random(seed);
        byte[] pixels = [.. Enumerable.Range(0, 24 * 24 * 4).Select(i => i % 4 == 3 ? (byte)255 : (byte)(brightness + random.Next(100)))];
        using var image = MLImage.CreateFromPixels(24, 24, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
    }
}
