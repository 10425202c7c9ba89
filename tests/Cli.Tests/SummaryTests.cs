using System.Text.Json;

namespace CnnTrainers.Cli.Tests;

public sealed class SummaryTests
{
    [Fact]
    public void Json_holds_the_totals_and_the_layers()
    {
        JsonElement json = Tool.Run("summary", "resnet18", "--channels", "1", "--classes", "10", "--image-size", "64x32", "--json").Json;
        Assert.Equal(11_175_370, json.GetProperty("parameters").GetInt64());
        Assert.Equal([1, 64, 32], json.GetProperty("input").EnumerateArray().Select(size => size.GetInt32()));
        JsonElement first = json.GetProperty("layers")[0];
        Assert.Equal("conv1", first.GetProperty("name").GetString());
        Assert.Equal([64, 32, 16], first.GetProperty("outputShape").EnumerateArray().Select(size => size.GetInt32()));
    }

    [Fact]
    public void The_table_shows_a_line_for_each_layer_down_to_the_depth_asked_for()
    {
        Tool.Result result = Tool.Run("summary", "densenet_small", "--classes", "10", "--channels", "1", "--depth", "2");
        Assert.True(result.ExitCode == 0, result.Errors);
        string[] shapes = ["192×56×56", "96×28×28", "224×28×28", "112×14×14", "240×14×14", "120×7×7", "248×7×7"];
        Assert.All(shapes, shape => Assert.Contains($" {shape} ", result.Output));
        Assert.Contains("denseblock1", result.Output);
        Assert.DoesNotContain("denselayer1", result.Output);
    }

    [Theory]
    [InlineData("summary resnet81", "resnet18")]
    [InlineData("summary vgg11 --image-size 16", "at least 32x32")]
    [InlineData("summary lenet5 --classes 1", "--classes")]
    public void Wrong_usage_exits_with_2(string arguments, string expected)
    {
        Tool.Result result = Tool.Run(arguments.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors);
    }
}
