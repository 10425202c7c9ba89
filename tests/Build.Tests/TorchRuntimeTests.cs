using System.Text.Json;

namespace CnnTrainers.Build.Tests;

/// <summary>The property TorchRuntime chooses the package of libtorch. Those with CUDA are too large to be fetched by a test: what is referenced is looked at.</summary>
public sealed class TorchRuntimeTests
{
    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda-windows")]
    [InlineData("cuda-linux")]
    public async Task It_names_the_package(string runtime)
    {
        string said = await DotNet.Run(Places.Repository, "msbuild", "src/Cli/Cli.csproj", "-nologo", "-getItem:PackageReference", $"-p:TorchRuntime={runtime}");
        using JsonDocument json = JsonDocument.Parse(said);
        string[] packages = [.. json.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray().Select(one => one.GetProperty("Identity").GetString()!)];
        Assert.Equal([$"TorchSharp-{runtime}"], packages.Where(package => package.StartsWith("TorchSharp-", StringComparison.Ordinal)));
    }
}
