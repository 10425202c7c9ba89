namespace CnnTrainers.Cli.Tests;

public sealed class FineTuningTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void The_head_is_trained_on_the_weights_of_an_earlier_model()
    {
        Tool.Result result = Tool.Run([.. Train("head.zip"), "--weights", fixture.Model, "--train-from", "head", "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.True(result.Json.GetProperty("trainAccuracy").GetDouble() >= 0.9, result.Output);
    }

    [Fact]
    public void A_layer_that_the_network_does_not_have_is_a_usage_error_that_lists_the_stages()
    {
        Tool.Result result = Tool.Run([.. Train("none.zip"), "--weights", fixture.Model, "--train-from", "layer3"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--train-from: the network has no layer 'layer3'", result.Errors);
        Assert.Contains("conv1, conv2, fc1, fc2, fc3", result.Errors.ReplaceLineEndings(" "));
    }

    [Fact]
    public void A_missing_file_of_weights_is_named()
    {
        Tool.Result result = Tool.Run([.. Train("none.zip"), "--weights", "gone.pth"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--weights: the file 'gone.pth' does not exist", result.Errors);
    }

    [Fact]
    public void Weights_of_another_architecture_are_refused_with_the_differences()
    {
        string arguments = string.Join('\n', Train("none.zip")).Replace("lenet5", "resnet18");
        Tool.Result result = Tool.Run([.. arguments.Split('\n'), "--weights", fixture.Model]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("conv1.weight is [6, 3, 5, 5], expected [64, 3, 7, 7]", result.Errors);
        Assert.Contains("fc3.weight is not part of the network", result.Errors);
    }

    [Fact]
    public void The_ImageNet_weights_are_of_one_network()
    {
        Tool.Result result = Tool.Run([.. Train("none.zip"), "--weights", "imagenet"]); // with --arch lenet5
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("resnet18_mlnet", result.Errors);
    }

    [Fact]
    public void Where_the_ImageNet_weights_cannot_be_fetched_the_way_out_is_told()
    {
        string empty = Directory.CreateDirectory(Path.Combine(fixture.Root, "no-packages")).FullName;
        File.WriteAllText(Path.Combine(empty, "nuget.config"), "<configuration><packageSources><clear /></packageSources><fallbackPackageFolders><clear /></fallbackPackageFolders></configuration>");
        var environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(empty, "packages"), ["TMPDIR"] = empty, ["TMP"] = empty }; // where the tool restores
        Tool.Result result = Tool.RunFrom(Tool.Assembly, environment, "train", fixture.Images, "--weights", "imagenet", "--image-size", "32", "--out", Path.Combine(fixture.Root, "none.zip"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Microsoft.ML.DnnImageFeaturizer.ResNet18", result.Errors);
        Assert.Contains("--weights ResNet18.onnx --arch resnet18_mlnet", result.Errors);
        Assert.DoesNotContain("Read ", result.Errors); // no image was read
    }

    private string[] Train(string model) =>
        ["train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--epochs", "2", "--batch-size", "8", "--seed", "1", "--out", Path.Combine(fixture.Root, model)];
}
