using System.Text.Json;

namespace CnnTrainers.Cli.Tests;

public sealed class MainJobTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void Train_writes_a_model_and_reports_it_as_json()
    {
        Assert.True(fixture.Training.ExitCode == 0, fixture.Training.Errors);
        JsonElement json = fixture.Training.Json;
        Assert.Equal(fixture.Model, json.GetProperty("model").GetString());
        Assert.Equal(48, json.GetProperty("images").GetInt32());
        Assert.Equal(6, json.GetProperty("epochs").GetInt32());
        Assert.True(File.Exists(fixture.Model));
    }

    [Fact]
    public void Train_prints_a_plain_line_per_epoch_where_there_is_no_terminal()
    {
        Assert.Contains("epoch  6 of 6", fixture.Training.Errors);
        Assert.DoesNotContain('\u001b', fixture.Training.Errors);
    }

    [Fact]
    public void Evaluate_measures_the_model_in_a_new_process()
    {
        Tool.Result result = Tool.Run("evaluate", fixture.Model, fixture.Images, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.True(result.Json.GetProperty("accuracy").GetDouble() >= 0.95, result.Output);
        Assert.Equal(["blue", "green", "red"], result.Json.GetProperty("classes").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(48, result.Json.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(n => n.GetDouble())));
    }

    [Fact]
    public void Evaluate_prints_a_table_of_classes()
    {
        Tool.Result result = Tool.Run("evaluate", fixture.Model, fixture.Images);
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"green\s+16", result.Output);
        Assert.Contains("accuracy", result.Output);
    }

    [Fact]
    public void Predict_names_the_likeliest_classes_of_each_image_in_order()
    {
        string red = Path.Combine(fixture.Images, "red", "00.png"), blue = Path.Combine(fixture.Images, "blue", "01.jpg");
        Tool.Result result = Tool.Run("predict", fixture.Model, red, blue, "--top", "2", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        JsonElement[] predictions = [.. result.Json.EnumerateArray()];
        Assert.Equal([red, blue], predictions.Select(p => p.GetProperty("image").GetString()));
        Assert.Equal(["red", "blue"], predictions.Select(p => p.GetProperty("classes")[0].GetProperty("class").GetString()));
        Assert.All(predictions, p => Assert.Equal(2, p.GetProperty("classes").GetArrayLength()));
    }

    [Fact]
    public void Labels_that_the_model_does_not_know_are_counted()
    {
        string copy = fixture.Copy();
        Directory.Move(Path.Combine(copy, "red"), Path.Combine(copy, "purple"));
        Tool.Result result = Tool.Run("evaluate", fixture.Model, copy, "--json");
        Assert.Equal(16, result.Json.GetProperty("unknownLabels").GetInt32());
    }

    [Fact]
    public void The_same_seed_gives_the_same_file()
    {
        string[] arguments = ["train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--seed", "5", "--json", "--out"];
        string first = Path.Combine(fixture.Root, "first.zip"), second = Path.Combine(fixture.Root, "second.zip");
        Tool.Run([.. arguments, first]);
        Tool.Run([.. arguments, second]);
        Assert.Equal(Weights(first), Weights(second));
        Assert.NotEqual(Weights(first), Weights(fixture.Model));
    }

    [Fact]
    public void A_list_file_trains_like_a_folder()
    {
        string list = Path.Combine(fixture.Images, "list.csv");
        File.WriteAllLines(list, ["path,label", "red/00.png,red", "red/01.jpg,red", "blue/00.png,blue", "blue/01.jpg,blue"]);
        Tool.Result result = Tool.Run("train", list, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--validation-fraction", "0", "--out", Path.Combine(fixture.Root, "list.zip"), "--json");
        File.Delete(list);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(4, result.Json.GetProperty("images").GetInt32());
    }

    private static byte[] Weights(string model)
    {
        using var zip = System.IO.Compression.ZipFile.OpenRead(model);
        using var copy = new MemoryStream();
        using Stream weights = zip.Entries.Single(e => e.Name.EndsWith(".safetensors")).Open();
        weights.CopyTo(copy);
        return copy.ToArray();
    }
}
