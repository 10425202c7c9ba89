using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace CnnTrainers.Build.Tests.Packages;

/// <summary>
/// Our packages, packed into a folder outside the repository once for all tests, and a project there that references them: the program that the
/// package's README shows, on images that are made here.
/// </summary>
[CollectionDefinition(nameof(PackedProgram))]
public sealed class PackedProgram : ICollectionFixture<PackedProgram>, IAsyncLifetime
{
    private const int Images = 8;

    private static string OtherPlatforms { get; } = string.Join(';', new[] { "linux-x64", "win-x64", "win-arm64", "osx-arm64" }
        .Where(platform => platform != RuntimeInformation.RuntimeIdentifier).Select(platform => $"libtorch-cpu-{platform}"));

    /// <summary>The time that the packages were made at, in Unix time.</summary>
    public const string Timestamp = "1700000000";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<(string Built, string[] Lines)>> _run;

    public PackedProgram() => _run = new(Run);

    /// <summary>The package CnnTrainers.</summary>
    public string Library => Package("CnnTrainers");

    /// <summary>The package CnnTrainers.Pipelines.</summary>
    public string Pipelines => Package("CnnTrainers.Pipelines");

    /// <summary>The folder outside the repository, whose projects restore our packages.</summary>
    internal TemporaryFolder Folder => _folder;

    /// <summary>The project's folder.</summary>
    public string Project => _folder["my app"];

    /// <summary>What the program's build and its one run said; the run leaves flowers.zip in the project's folder.</summary>
    public Task<(string Built, string[] Lines)> Trained => _run.Value;

    public async ValueTask InitializeAsync()
    {
        var pack = new ProcessStartInfo(Path.Combine(Places.Repository, "build/pack.sh"), ["-o", _folder["feed"], "-p:VersionSuffix="]);
        pack.Environment["SOURCE_DATE_EPOCH"] = Timestamp;
        var (exit, said) = await DotNet.Finish(pack);
        Assert.True(exit == 0, said);
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

    /// <summary>A package that was made.</summary>
    public string Package(string name) => _folder[$"feed/{name}.0.1.0.nupkg"];

    /// <summary>Makes a folder that has the images in flowers/, and returns it.</summary>
    public string WithImages(string folder)
    {
        Directory.CreateDirectory(_folder[folder]);
        Directory.CreateSymbolicLink(Path.Combine(_folder[folder], "flowers"), Path.Combine(Project, "flowers"));
        return _folder[folder];
    }

    /// <summary>Writes the project into a folder, with some properties, and returns the folder.</summary>
    public string WriteProject(string folder, string properties)
    {
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
                <PrunePackageReference Include="{OtherPlatforms}" Version="{Places.LibTorchVersion}" />
              </ItemGroup>
            </Project>
            """);
        _folder.Write($"{folder}/Program.cs", Example() + """

            Print(ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)));
            Print(metrics);
            var answer = ml.Model.CreatePredictionEngine<LabelledImage, Answer>(loaded).Predict(new LabelledImage { ImagePath = "dark/0.png" });
            Console.WriteLine($"dark/0.png is {answer.PredictedLabel}, kernels {CnnKernels.IsAvailable}");

            static void Print(Microsoft.ML.Data.MulticlassClassificationMetrics metrics) => Console.WriteLine($"accuracy {metrics.MicroAccuracy}, log loss {metrics.LogLoss}");

            class Answer
            {
                public string PredictedLabel { get; set; } = "";
            }
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

    /// <summary>Writes a project in F#, which learns, saves, loads and predicts, and returns its folder.</summary>
    public string WriteFSharp(string folder)
    {
        _folder.Write($"{folder}/app.fsproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <InvariantGlobalization>true</InvariantGlobalization>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="Program.fs" />
                <PackageReference Include="CnnTrainers" Version="0.1.0" />
                <PackageReference Include="CnnTrainers.Pipelines" Version="0.1.0" />
                <PackageReference Include="TorchSharp-cpu" Version="{Places.TorchSharpVersion}" />
                <PrunePackageReference Include="{OtherPlatforms}" Version="{Places.LibTorchVersion}" />
              </ItemGroup>
            </Project>
            """);
        _folder.Write($"{folder}/Program.fs", """
            open System
            open CnnTrainers
            open CnnTrainers.Pipelines
            open Microsoft.ML
            open Microsoft.ML.Data

            [<CLIMutable>]
            type Answer = { PredictedLabel: string }

            let ml = MLContext(seed = Nullable 1)
            let images = ml.Data.LoadFromEnumerable(ImageFolder.Read "flowers")
            let pipeline =
                EstimatorChain<ITransformer>()
                    .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
                    .Append(ml.Transforms.LoadPixels("Pixels", 32, 32, "flowers"))
                    .Append(ml.MulticlassClassification.Trainers.Cnn(ResNetVariant.ResNet18, featureColumnName = "Pixels"))
                    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            let split = ml.Data.TrainTestSplit(images, 0.2)
            let model = pipeline.Fit(split.TrainSet)
            ml.Model.Save(model, images.Schema, "fsharp.zip")
            let loaded, _ = MLContext().Model.Load("fsharp.zip")
            let metrics = ml.MulticlassClassification.Evaluate(loaded.Transform(split.TestSet))
            printfn $"%.3f{metrics.MicroAccuracy}"
            let engine = ml.Model.CreatePredictionEngine<LabelledImage, Answer>(loaded)
            let answer = engine.Predict(LabelledImage(ImagePath = "dark/0.png"))
            printfn $"{answer.PredictedLabel}"
            """);
        return _folder[folder];
    }

    private async Task<(string, string[])> Run()
    {
        string said = await DotNet.Run(Project, "build", "-nologo", "-tl:off", "-o", "out");
        return (said, Lines(await DotNet.Run(Project, "exec", "out/app.dll")));
    }

    /// <summary>The first program that a page of the repository shows.</summary>
    public static string Shown(string page)
    {
        const string start = "```csharp\n";
        string text = File.ReadAllText(Path.Combine(Places.Repository, page)).ReplaceLineEndings("\n");
        int at = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[at..text.IndexOf("```", at, StringComparison.Ordinal)];
    }

    /// <summary>A program that learns from smaller images, in a ninth of the time.</summary>
    public static string Smaller(string program) => program.Replace("96, 96", "32, 32");

    private static string Example() => Smaller(Shown("src/CnnTrainers/README.md"));

    /// <summary>What a program wrote, line by line.</summary>
    public static string[] Lines(string said) => said.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void WriteImage(string path, int brightness, int seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var random = new Random(seed);
        byte[] pixels = [.. Enumerable.Range(0, 24 * 24 * 4).Select(i => i % 4 == 3 ? (byte)255 : (byte)(brightness + random.Next(100)))];
        using var image = MLImage.CreateFromPixels(24, 24, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
    }
}
