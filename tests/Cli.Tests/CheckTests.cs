using System.Diagnostics;
using System.Text.Json;

namespace CnnTrainers.Cli.Tests;

public sealed class CheckTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void Good_images_are_counted_and_nothing_hurts()
    {
        Tool.Result result = Tool.Run("check", fixture.Images);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Contains("48 images, 3 classes", result.Output);
        Assert.Contains("24 JPEG", result.Output);
        Assert.Matches(@"green\s+16\s+33\.3%", result.Output);
        Assert.Contains("Nothing was found that would hurt.", result.Output);
    }

    [Fact]
    public void The_same_picture_in_two_classes_is_named_and_the_exit_code_says_so()
    {
        (string copy, string first, string second) = WithCopy();
        Tool.Result result = Tool.Run("check", copy);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("What would hurt:\n  1 picture is in two classes", result.Output);
        Assert.Contains($"{first} (blue) = {second} (red)", result.Output);
    }

    [Fact]
    public void Training_and_comparing_say_so_too_before_they_begin()
    {
        (string copy, string first, string second) = WithCopy();
        string expected = $"note: 1 picture is in two classes, of which one at most can be right: {first} (blue) = {second} (red)";
        Assert.Contains(expected, Tool.Run("train", copy, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--out", Path.Combine(fixture.Root, "noted.zip")).Errors);
        Assert.Contains(expected, Tool.Run("compare", copy, "--arch", "lenet5", "--time", "1s", "--epochs", "1", "--no-baseline", "--out", Path.Combine(fixture.Root, "noted")).Errors);
    }

    [Fact]
    public void Pictures_to_test_on_that_are_in_training_are_named()
    {
        string test = Directory.CreateDirectory(Path.Combine(fixture.Root, "test", "red")).FullName;
        File.Copy(Path.Combine(fixture.Images, "red", "03.jpg"), Path.Combine(test, "seen.jpg"));
        Tool.Result result = Tool.Run("check", fixture.Images, "--against", Path.GetDirectoryName(test)!);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("1 of the 1 images to test on is among the training images", result.Output);
        Assert.Contains($"{Path.Combine(test, "seen.jpg")} (red) = {Path.Combine(fixture.Images, "red", "03.jpg")} (red)", result.Output);
    }

    [Fact]
    public void Files_that_cannot_be_read_do_not_stop_it()
    {
        string copy = fixture.Copy();
        File.WriteAllText(Path.Combine(copy, "red", "page.jpg"), "<!doctype html>");
        File.WriteAllText(Path.Combine(copy, "red", "empty.jpg"), "");
        Tool.Result result = Tool.Run("check", copy);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("2 files cannot be read as images", result.Output);
        Assert.Contains($"it is an HTML page, not an image: {Path.Combine(copy, "red", "page.jpg")}", result.Output);
        Assert.Contains($"the file is empty: {Path.Combine(copy, "red", "empty.jpg")}", result.Output);
    }

    [Fact]
    public void Json_is_one_object_with_everything()
    {
        (string copy, string first, string second) = WithCopy();
        File.WriteAllText(Path.Combine(copy, "red", "notes.txt"), "");
        Tool.Result result = Tool.Run("check", copy, "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Output.TrimEnd().Split('\n'));
        JsonElement findings = result.Json.GetProperty("findings"), repeated = findings.GetProperty("repeated")[0];
        Assert.Equal(49, findings.GetProperty("images").GetInt32());
        Assert.Equal([first, second], repeated.GetProperty("images").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Contains(".txt", Assert.Single(findings.GetProperty("passedOver").EnumerateArray()).GetString());
        Assert.True(result.Json.GetProperty("remarks")[0].GetProperty("hurts").GetBoolean());
    }

    [Fact]
    public void A_report_shows_the_pictures_that_are_the_same()
    {
        (string copy, string first, _) = WithCopy();
        string report = Path.Combine(fixture.Root, "check.html");
        Assert.Contains($"Wrote {report}.", Tool.Run("check", copy, "--report", report).Output);
        string page = File.ReadAllText(report);
        Assert.Contains("The same picture in two classes", page);
        Assert.Contains(first, page);
        Assert.Equal(2, page.Split("data:image/png;base64,").Length - 1);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("check nowhere --report no/such/folder/check.html")]
    public void Wrong_usage_exits_with_2(string arguments) => Assert.Equal(2, Tool.Run(arguments.Split(' ')).ExitCode);

    [Fact]
    public void A_data_set_by_name_is_taken_from_the_cache_unless_a_folder_of_that_name_is_here()
    {
        string cache = Path.Combine(fixture.Root, "cache"), mnist = Directory.CreateDirectory(Path.Combine(cache, "mnist")).FullName;
        foreach (string part in (string[])["train", "t10k"])
        {
            File.WriteAllBytes(Path.Combine(mnist, $"{part}-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 16, 0, 0, 0, 16, .. new byte[256], .. Enumerable.Range(0, 256).Select(i => (byte)i)]);
            File.WriteAllBytes(Path.Combine(mnist, $"{part}-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 2, 7, 3]);
        }
        Assert.Contains("mnist: 2 images, 2 classes", CheckMnist(fixture.Root, cache).Output);
        string here = Directory.CreateDirectory(Path.Combine(fixture.Root, "here")).FullName;
        Directory.Move(fixture.Copy(), Path.Combine(here, "mnist"));
        Assert.Contains("mnist: 48 images, 3 classes", CheckMnist(here, cache).Output);
    }

    [Fact]
    public void Offline_one_line_says_where_to_put_the_files()
    {
        string cache = Path.Combine(fixture.Root, "empty-cache");
        Tool.Result result = CheckMnist(fixture.Root, cache);
        Assert.Equal(1, result.ExitCode);
        string line = result.Errors.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("cnn: mnist cannot be downloaded from https://", line);
        Assert.Contains($"Put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz into {Path.Combine(cache, "mnist")}.", line);
    }

    private (string Copy, string First, string Second) WithCopy()
    {
        string copy = fixture.Copy(), first = Path.Combine(copy, "blue", "05.jpg"), second = Path.Combine(copy, "red", "again.jpg");
        File.Copy(first, second);
        return (copy, first, second);
    }

    // Without a network, whatever this machine has.
    private static Tool.Result CheckMnist(string folder, string cache)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Tool.Assembly, "check", "mnist"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CNN_DATASETS"] = cache;
        start.Environment["HTTPS_PROXY"] = "http://127.0.0.1:9";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Tool.Result(process.ExitCode, output, errors.Result);
    }
}
