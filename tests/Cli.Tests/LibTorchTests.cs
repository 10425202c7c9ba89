namespace CnnTrainers.Cli.Tests;

public sealed class LibTorchTests : IDisposable
{
    private readonly string _copy = Directory.CreateTempSubdirectory("cnn-without-").FullName;

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    [Theory]
    [InlineData("doctor")]
    [InlineData("summary lenet5")]
    [InlineData("evaluate model.zip images")]
    public void Without_its_library_a_command_says_what_is_missing_and_what_to_do(string command)
    {
        Tool.Result result = Run(command);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches("^cnn: libtorch cannot be loaded: .*LibTorchSharp.* is not in .*Build the program again; .*TorchSharp-cpu\\.\n$", result.Errors);
        Assert.Empty(result.Output);
        Assert.Empty(Directory.GetDirectories(_copy));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("--help")]
    public void Commands_that_need_no_network_run_without_it(string command) => Assert.Equal(0, Run(command).ExitCode);

    // A copy of the program without TorchSharp's library, and no package cache to take it from. The large files, libtorch's, are links.
    private Tool.Result Run(string command)
    {
        const long large = 10 << 20;
        foreach (FileInfo file in new DirectoryInfo(AppContext.BaseDirectory).GetFiles().Where(file => !file.Name.Contains("LibTorchSharp")))
        {
            string copy = Path.Combine(_copy, file.Name);
            if (file.Length < large) file.CopyTo(copy);
            else File.CreateSymbolicLink(copy, file.FullName);
        }
        return Tool.RunFrom(Path.Combine(_copy, "cnn.dll"), new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(_copy, "no-packages") }, command.Split(' '));
    }
}
