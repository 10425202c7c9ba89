using System.Diagnostics;

namespace CnnTrainers.Cli.Tests;

/// <summary>examples/08-OwnNetwork, run as a program.</summary>
public sealed class OwnNetworkExampleTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Theory]
    [InlineData("residual")]
    [InlineData("two-paths")]
    [InlineData("on-resnet18")]
    public async Task A_network_is_trained_saved_and_loaded_where_its_assembly_is(string network)
    {
        (int exitCode, string output, string errors) = await Run(fixture.Images, network);

        Assert.True(exitCode == 0, errors);
        Assert.Matches(@"accuracy on images that training has not seen: [01]\.\d+", output);
        Assert.Contains(" shows: ", output);
        if (network == "residual") AssertToldByTheTool();
    }

    // The tool's process does not have the example's assembly.
    private void AssertToldByTheTool()
    {
        Tool.Result evaluated = Tool.Run("evaluate", Path.Combine(fixture.Root, "residual.zip"), fixture.Images);

        Assert.Equal(1, evaluated.ExitCode);
        Assert.Contains("The network is made by the method 'Residual' of 'Networks, OwnNetwork", evaluated.Errors);
        Assert.Contains("cannot be found here", evaluated.Errors);
        Assert.DoesNotContain("   at ", evaluated.Errors);
    }

    private async Task<(int ExitCode, string Output, string Errors)> Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Program(), .. arguments])
            { WorkingDirectory = fixture.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    // .../bin/Cli.Tests/release/ beside .../bin/08-OwnNetwork/release/
    private static string Program()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(own.Parent!.Parent!.FullName, "08-OwnNetwork", own.Name, "OwnNetwork.dll");
    }
}
