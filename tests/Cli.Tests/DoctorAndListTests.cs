namespace CnnTrainers.Cli.Tests;

public sealed class DoctorAndListTests
{
    [Fact]
    public void Doctor_names_the_build_and_ends_with_ok()
    {
        Tool.Result result = Tool.Run("doctor");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.All((string[])["build", "libtorch", "threads", "precision", "CUDA"], fact => Assert.Contains(fact, result.Output));
        Assert.Matches(@"build +Microsoft\.ML 5\.\d+\.\d+, TorchSharp 0\.\d+\.\d+, TorchSharp-\w", result.Output);
        Assert.Equal(OperatingSystem.IsLinux(), result.Output.Contains("libstdc++"));
        Assert.EndsWith("\nok\n", result.Output);
    }

    [Fact]
    public void List_names_every_architecture_in_text_and_json()
    {
        string text = Tool.Run("list").Output;
        string[] names = [.. Tool.Run("list", "--json").Json.EnumerateArray().Select(a => a.GetProperty("name").GetString()!)];
        Assert.Equal(CnnArchitecture.All.Select(a => a.Name), names);
        Assert.All(names, name => Assert.Contains($" {name} ", text));
    }

    [Fact]
    public void List_tells_what_each_costs()
    {
        var resnet = Tool.Run("list", "--json").Json.EnumerateArray().Single(a => a.GetProperty("name").GetString() == "resnet50");
        Assert.Equal((25_557_032, 4_089_184_256), (resnet.GetProperty("parameters").GetInt64(), resnet.GetProperty("multiplyAccumulates").GetInt64()));
        Assert.Matches(@"resnet50 +25\.56 +4,089\.18 +224 +1 +2015 +arXiv:1512\.03385", Tool.Run("list").Output);
    }

    [Fact]
    public void Help_lists_the_commands()
    {
        Tool.Result result = Tool.Run("--help");
        Assert.Equal(0, result.ExitCode);
        Assert.All((string[])["check", "train", "evaluate", "predict", "explain", "list", "summary", "demo", "doctor"], name => Assert.Contains($"  {name} ", result.Output));
    }
}
