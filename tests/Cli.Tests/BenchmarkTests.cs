using System.Text.Json;

namespace CnnTrainers.Cli.Tests;

public sealed class BenchmarkTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void A_model_is_measured_by_engine_precision_and_batch()
    {
        JsonElement json = Measured(fixture.Model);
        var results = json.GetProperty("results").EnumerateArray().Select(one => (Engine: Text(one, "engine"), Precision: Text(one, "precision"), Batch: one.GetProperty("batchSize").GetInt32())).ToList();
        foreach (string engine in (string[])["libtorch", "onnxruntime"])
            Assert.Equal([1, 8], results.Where(one => one.Engine == engine && one.Precision == "float32").Select(one => one.Batch));
        Assert.All(json.GetProperty("results").EnumerateArray(), one =>
        {
            Assert.Equal(one.GetProperty("batchSize").GetInt32(), one.GetProperty("imagesPerSecond").GetDouble() * one.GetProperty("milliseconds").GetDouble() / 1000, 6);
            Assert.InRange(one.GetProperty("memoryBytes").GetInt64(), 50L << 20, 4L << 30);
        });
        Assert.Equal(1, json.GetProperty("bestForLatency").GetProperty("batchSize").GetInt32());
        Assert.Equal(json.GetProperty("results").EnumerateArray().Max(one => one.GetProperty("imagesPerSecond").GetDouble()), json.GetProperty("bestForThroughput").GetProperty("imagesPerSecond").GetDouble());
        Assert.Empty(json.GetProperty("failed").EnumerateArray());
    }

    [Fact]
    public void An_architecture_is_measured_without_a_model_and_what_is_best_is_said_last()
    {
        Tool.Result result = Tool.Run("benchmark", "lenet5", "--engine", "onnxruntime", "--batch-sizes", "1,8", "--seconds", "0.1");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("lenet5 at 32x32", result.Output);
        Assert.Matches(@"onnxruntime +float32 +8 +[0-9.]+ +[0-9.]+ +[0-9.]+ MB", result.Output);
        Assert.StartsWith("Best for latency: onnxruntime in float32, ", result.Output.TrimEnd().Split('\n')[^1]);
    }

    [Theory]
    [InlineData(2, "no model file, and there is no architecture 'resnet81'. Did you mean resnet18", "resnet81")]
    [InlineData(1, "the model file 'nowhere.zip' does not exist", "nowhere.zip")]
    [InlineData(2, "expected whole numbers above 0 with commas between them", "lenet5", "--batch-sizes", "1,0")]
    [InlineData(2, "a decimal point, no comma", "lenet5", "--seconds", "0,5")]
    [InlineData(2, "onnxruntime scores in float32 alone", "lenet5", "--engine", "onnxruntime", "--precision", "bfloat16")]
    [InlineData(2, "lenet5 needs at least 16x16", "lenet5", "--image-size", "8")]
    public void What_cannot_be_measured_is_said(int code, string expected, params string[] arguments)
    {
        Tool.Result result = Tool.Run(["benchmark", .. arguments]);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(expected, result.Errors);
    }

    [Fact]
    public void A_file_that_is_no_model_is_named_once()
    {
        string file = Path.Combine(fixture.Images, "red", "00.png");
        Tool.Result result = Tool.Run("benchmark", file);
        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Errors.Split('\n'), line => line.Contains("cannot be loaded as a model file"));
    }

    private static JsonElement Measured(string target)
    {
        Tool.Result result = Tool.Run("benchmark", target, "--batch-sizes", "8,1", "--seconds", "0.1", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Json;
    }

    private static string Text(JsonElement one, string name) => one.GetProperty(name).GetString()!;
}
