using System.Globalization;

namespace CnnTrainers.Cli.Tests;

/// <summary>cnn embed and cnn similar.</summary>
public sealed class SimilarTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void Features_of_all_images_are_written()
    {
        string path = Path.Combine(fixture.Root, "features.csv");
        Tool.Result result = Tool.Run("embed", fixture.Model, fixture.Images, "--out", path, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        string[] lines = File.ReadAllLines(path);
        Assert.Equal(84, result.Json.GetProperty("features").GetInt32());
        Assert.Equal(result.Json.GetProperty("images").GetInt32(), lines.Length - 1);
        Assert.StartsWith("image,f0,f1,", lines[0]);
        Assert.All(lines.Skip(1), line => Assert.All(line.Split(',').Skip(1), value => float.Parse(value, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Images_of_its_class_are_most_like_an_image()
    {
        string page = Path.Combine(fixture.Root, "similar.html");
        string image = Directory.GetFiles(Path.Combine(fixture.Images, "red"))[0];
        Tool.Result result = Tool.Run("similar", fixture.Model, image, "--in", fixture.Images, "--top", "3", "--report", page, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        var similar = result.Json[0].GetProperty("similar").EnumerateArray().ToList();
        Assert.Equal(3, similar.Count);
        Assert.All(similar, one => Assert.Contains("red", one.GetProperty("image").GetString()));
        Assert.DoesNotContain(similar, one => one.GetProperty("image").GetString() == image);
        Assert.Equal(similar.Select(one => one.GetProperty("similarity").GetDouble()).OrderDescending(), similar.Select(one => one.GetProperty("similarity").GetDouble()));
        Assert.Equal(4, File.ReadAllText(page).Split("data:image/png;base64,").Length - 1);
    }

    [Fact]
    public void Files_that_cannot_be_read_are_named_and_the_others_answered()
    {
        string bad = Path.Combine(fixture.Root, "no-picture.jpg");
        File.WriteAllText(bad, "no picture");
        Tool.Result result = Tool.Run("similar", fixture.Model, Directory.GetFiles(Path.Combine(fixture.Images, "red"))[0], bad, "--in", fixture.Images);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no-picture.jpg", result.Errors);
        Assert.Contains("red", result.Output);
    }

    [Fact]
    public void Only_csv_files_are_written()
    {
        Tool.Result result = Tool.Run("embed", fixture.Model, fixture.Images, "--out", Path.Combine(fixture.Root, "features.npy"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(".csv", result.Errors);
    }
}
