using System.Text.Json;

namespace CnnTrainers.Cli.Tests;

public sealed class EvaluateTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void Labels_that_are_no_class_are_named_with_the_class_that_was_meant()
    {
        string copy = fixture.Copy();
        foreach ((string old, string name) in ((string, string)[])[("red", "Red "), ("green", "gren"), ("blue", "blue")]) Directory.Move(Path.Combine(copy, old), Path.Combine(copy, $"x{name}"));
        foreach (string name in (string[])["Red ", "gren", "blue"]) Directory.Move(Path.Combine(copy, $"x{name}"), Path.Combine(copy, name));
        Directory.CreateDirectory(Path.Combine(copy, "purple"));
        File.Copy(Path.Combine(copy, "blue", "00.png"), Path.Combine(copy, "purple", "00.png"));
        Tool.Result json = Tool.Run("evaluate", fixture.Model, copy, "--json"), text = Tool.Run("evaluate", fixture.Model, copy);
        Assert.Equal(33, json.Json.GetProperty("unknownLabels").GetInt32());
        Assert.Equal(["gren:16:green", "Red :16:red", "purple:1:"], json.Json.GetProperty("unknown").EnumerateArray()
            .Select(one => $"{one.GetProperty("label")}:{one.GetProperty("images")}:{one.GetProperty("didYouMean")}"));
        Assert.Contains("  'gren' (16 images): did you mean 'green'?\n  'Red ' (16 images): did you mean 'red'?\n  'purple' (1 image)\n", text.Output);
    }

    [Fact]
    public void Where_no_label_is_a_class_nothing_is_scored_and_what_was_meant_is_said()
    {
        string copy = fixture.Copy();
        foreach (string name in (string[])["red", "green", "blue"]) Directory.Move(Path.Combine(copy, name), Path.Combine(copy, name.ToUpperInvariant() + "_"));
        Tool.Result result = Tool.Run("evaluate", fixture.Model, copy);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("'GREEN_' (16 images): did you mean 'green'?", result.Errors);
    }

    [Theory]
    [InlineData("Daisy", "daisy", true)]
    [InlineData(" daisy", "daisy", true)]
    [InlineData("black-eyed susan", "black_eyed_susan", true)]
    [InlineData("sunflowers", "sunflower", true)]
    [InlineData("cat", "car", false)]
    [InlineData("class 11", "class 10", false)]
    [InlineData("tulip", "daisy", false)]
    public void A_class_is_suggested_where_a_label_is_its_misspelling(string label, string name, bool suggested)
    {
        DataSet data = DataSet.FromFiles("list.csv", [new() { ImagePath = "1.jpg", Label = label }]);
        Assert.Equal(suggested ? name : null, Assert.Single(UnknownLabel.Of(data, ["something else", name])).DidYouMean);
    }

    [Fact]
    public void Unreadable_files_are_left_out_when_asked()
    {
        string copy = fixture.Copy(), bad = Path.Combine(copy, "red", "bad.jpg");
        File.WriteAllText(bad, "no image");
        Tool.Result refused = Tool.Run("evaluate", fixture.Model, copy), result = Tool.Run("evaluate", fixture.Model, copy, "--skip-unreadable", "--json");
        Assert.Equal((1, 0), (refused.ExitCode, result.ExitCode));
        Assert.Contains("--skip-unreadable", refused.Errors);
        Assert.Equal(48, result.Json.GetProperty("images").GetInt32());
        Assert.Contains($"{bad}: it is text, not an image", result.Errors);
    }

    [Fact]
    public void Top_5_stands_beside_top_1_for_more_than_ten_classes()
    {
        string images = Path.Combine(fixture.Root, "eleven"), model = Path.Combine(fixture.Root, "eleven.zip"), red = Path.Combine(fixture.Images, "red", "00.png");
        for (int c = 1; c <= 11; c++)
        {
            Directory.CreateDirectory(Path.Combine(images, $"c{c}"));
            for (int i = 0; i < 2; i++) File.Copy(red, Path.Combine(images, $"c{c}", $"{i}.png")); // alike: by chance one of eleven is right, five are among the first
        }
        Assert.Equal(0, Tool.Run("train", images, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--validation-fraction", "0", "--seed", "1", "--out", model).ExitCode);
        JsonElement json = Tool.Run("evaluate", model, images, "--json").Json;
        Assert.Equal(1 / 11.0, json.GetProperty("accuracy").GetDouble(), 9);
        Assert.Equal(5 / 11.0, json.GetProperty("top5Accuracy").GetDouble(), 9);
        Assert.Contains("top-5 0.4545", Tool.Run("evaluate", model, images).Output);
        Assert.Equal(JsonValueKind.Null, Tool.Run("evaluate", fixture.Model, fixture.Images, "--json").Json.GetProperty("top5Accuracy").ValueKind);
    }
}
