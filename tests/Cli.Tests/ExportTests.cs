using static TorchSharp.torch;

namespace CnnTrainers.Cli.Tests;

public sealed class ExportTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void The_weights_of_a_model_file_fit_its_network()
    {
        string path = Path.Combine(fixture.Root, "weights.safetensors");
        Tool.Result result = Tool.Run("export", fixture.Model, "--out", path, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(new FileInfo(path).Length, result.Json.GetProperty("bytes").GetInt64());
        using nn.Module<Tensor, Tensor> network = CnnArchitecture.Get("lenet5").CreateNetwork(new ImageShape(3, 32, 32), classes: 3);
        Assert.Empty(CnnWeights.Load(network, path));
    }

    [Theory]
    [InlineData("weights.pth", 2, ".safetensors")]
    [InlineData("weights.safetensors", 1, "no-model.zip")]
    public void What_cannot_be_exported_is_said_and_leaves_no_file(string name, int exitCode, string expected)
    {
        string path = Path.Combine(fixture.Root, "none", name), model = Path.Combine(fixture.Root, "no-model.zip");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(model, "no zip file");
        Tool.Result result = Tool.Run("export", model, "--out", path);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(expected, result.Errors);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }
}
