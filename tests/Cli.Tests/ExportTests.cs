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

    [Fact]
    public void A_network_is_written_as_ONNX_and_checked()
    {
        string path = Path.Combine(fixture.Root, "network.onnx");
        Tool.Result result = Tool.Run("export", fixture.Model, "--out", path, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(new FileInfo(path).Length, result.Json.GetProperty("bytes").GetInt64());
        Assert.InRange(result.Json.GetProperty("check").GetProperty("largestDifference").GetDouble(), 0, 1e-5);
        Assert.Equal(3, result.Json.GetProperty("classes").GetArrayLength());

        Tool.Result text = Tool.Run("export", fixture.Model, "--out", path, "--no-check", "--logits");
        Assert.Contains("not checked", text.Output);
        Assert.Contains("float32, N×3×32×32", text.Output);
        Assert.Contains("logits", text.Output);
    }

    [Theory]
    [InlineData("weights.pth", 2, ".safetensors")]
    [InlineData("network.onnx", 1, "no-model.zip")]
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

    [Fact]
    public void Options_of_networks_are_refused_for_weights()
    {
        Tool.Result result = Tool.Run("export", fixture.Model, "--out", Path.Combine(fixture.Root, "refused.safetensors"), "--logits");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(".onnx", result.Errors);
    }
}
