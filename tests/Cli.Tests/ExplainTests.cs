using System.Text.Json;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Tests;

public sealed class ExplainTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    private string Red => Path.Combine(fixture.Images, "red", "00.png");

    private string Out => Path.Combine(fixture.Root, "explained");

    [Fact]
    public void Writes_a_picture_for_each_image_even_where_names_are_alike()
    {
        string blue = Path.Combine(fixture.Images, "blue", "00.png"), again = Path.Combine(fixture.Root, "00.png");
        File.Copy(Red, again, overwrite: true);
        Tool.Result result = Tool.Run("explain", fixture.Model, Red, blue, again, "--out", Out, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        JsonElement[] pictures = [.. result.Json.EnumerateArray()];
        Assert.Equal(["00.red.png", "00.blue.png", "00.red-2.png"], pictures.Select(p => Path.GetFileName(p.GetProperty("file").GetString())));
        using MLImage picture = MLImage.CreateFromFile(pictures[0].GetProperty("file").GetString()!);
        Assert.Equal((224, 224), (picture.Width, picture.Height));
    }

    [Fact]
    public void A_given_class_is_explained()
    {
        Tool.Result result = Tool.Run("explain", fixture.Model, Red, "--out", Out, "--class", "green");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Matches(@"00\.green\.png +green 0\.\d{3}, predicted red", result.Output);
    }

    [Fact]
    public void Wrong_classes_images_and_folders_are_named()
    {
        Fails(2, ["--class", "purple", "--out", Out, Red], "purple", "blue, green, red");
        Fails(2, ["--out", fixture.Model, Red], fixture.Model, "folder");
        Fails(2, [Red], "--out");
        Fails(1, ["--out", Out, "gone.png"], "gone.png");
    }

    [Fact]
    public void A_file_that_is_no_image_is_named()
    {
        string text = Path.Combine(fixture.Root, "text.png");
        File.WriteAllText(text, "no image");
        Fails(1, ["--out", Out, text], text);
    }

    private void Fails(int exitCode, string[] arguments, params string[] expected)
    {
        Tool.Result result = Tool.Run(["explain", fixture.Model, .. arguments]);
        Assert.True(result.ExitCode == exitCode, $"exit code {result.ExitCode}: {result.Output}{result.Errors}");
        Assert.All(expected, text => Assert.Contains(text, result.Errors));
    }
}
