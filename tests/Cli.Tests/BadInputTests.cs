using System.Diagnostics;

namespace CnnTrainers.Cli.Tests;

public sealed class BadInputTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Theory]
    [InlineData("no-such-command")]
    [InlineData("train")]
    [InlineData("train x --epochs 0", "--epochs")]
    [InlineData("train x --epochs many", "'many' for option '--epochs': expected a whole number")]
    [InlineData("train x --image-size 3by4", "--image-size")]
    [InlineData("train x --arch lenet5 --image-size 8", "at least 16x16")]
    [InlineData("train x --optimizer adagrad", "adagrad")]
    [InlineData("train x --arch resnet81", "resnet18")]
    [InlineData("train x --train-from head", "--weights")]
    [InlineData("train x --weights w.pth --layer-decay 2", "above 0 up to 1")]
    [InlineData("train x --normalization cifar", "imagenet")]
    [InlineData("predict model.zip")]
    [InlineData("list --no-such-option", "--no-such-option")]
    public void Wrong_usage_exits_with_2_and_says_what_is_wrong(string arguments, string expected = "--help")
    {
        Tool.Result result = Tool.Run(arguments.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors);
    }

    [Fact]
    public void A_missing_folder_is_named() => Fails(["train", Path.Combine(fixture.Root, "nowhere")], "nowhere");

    [Fact]
    public void An_empty_folder_is_named()
    {
        string empty = Directory.CreateDirectory(Path.Combine(fixture.Root, "empty")).FullName;
        Fails(["train", empty], empty, "one folder per class");
    }

    [Fact]
    public void One_class_is_too_few()
    {
        string copy = fixture.Copy();
        Directory.Delete(Path.Combine(copy, "red"), recursive: true);
        Directory.Delete(Path.Combine(copy, "blue"), recursive: true);
        Fails(Train(copy), "Label", "2");
    }

    [Theory]
    [InlineData("text.jpg")]
    [InlineData("cut.png")]
    [InlineData("cut.jpg")]
    [InlineData("empty.png")]
    public void A_file_that_is_no_whole_image_is_named_in_training_evaluation_and_prediction(string name)
    {
        string copy = fixture.Copy();
        string bad = Path.Combine(copy, "red", name);
        byte[] good = File.ReadAllBytes(Path.Combine(copy, "red", name.EndsWith("jpg") ? "01.jpg" : "00.png"));
        File.WriteAllBytes(bad, name.StartsWith("cut") ? good[..(good.Length / 2)] : name.StartsWith("text") ? "not an image"u8.ToArray() : []);
        Fails(Train(copy), bad);
        Fails(["evaluate", fixture.Model, copy], bad);
        Fails(["predict", fixture.Model, Path.Combine(copy, "red", "00.png"), bad], bad);
    }

    [Fact]
    public void Unreadable_files_are_left_out_and_counted_when_asked()
    {
        string copy = fixture.Copy();
        File.WriteAllText(Path.Combine(copy, "red", "text.jpg"), "not an image");
        Tool.Result result = Tool.Run([.. Train(copy), "--skip-unreadable", "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(48, result.Json.GetProperty("images").GetInt32());
        Assert.Contains("text.jpg", result.Errors);
    }

    [Fact]
    public void Half_a_model_file_is_an_error()
    {
        string half = Path.Combine(fixture.Root, "half.zip");
        byte[] whole = File.ReadAllBytes(fixture.Model);
        File.WriteAllBytes(half, whole[..(whole.Length / 2)]);
        Fails(["evaluate", half, fixture.Images], half);
    }

    [Fact]
    public void A_zip_that_is_no_model_is_an_error()
    {
        string zip = Path.Combine(fixture.Root, "other.zip");
        File.Delete(zip);
        using (var archive = System.IO.Compression.ZipFile.Open(zip, System.IO.Compression.ZipArchiveMode.Create)) archive.CreateEntry("readme.txt");
        Fails(["predict", zip, Path.Combine(fixture.Images, "red", "00.png")], zip);
    }

    [Fact]
    public void A_missing_image_to_predict_is_named() => Fails(["predict", fixture.Model, "gone.png"], "gone.png");

    [Fact]
    public void A_data_set_of_other_classes_is_an_error_that_lists_the_models()
    {
        string copy = fixture.Copy();
        foreach (string name in (string[])["red", "green", "blue"]) Directory.Move(Path.Combine(copy, name), Path.Combine(copy, "not-" + name));
        Fails(["evaluate", fixture.Model, copy], "blue, green, red");
    }

    [Fact]
    public void An_output_in_a_missing_folder_fails_before_training() =>
        Assert.Equal(2, Tool.Run("train", fixture.Images, "--out", Path.Combine(fixture.Root, "no", "where.zip")).ExitCode);

    [Fact]
    public void Ctrl_c_leaves_the_old_model_file_and_no_other()
    {
        string folder = Directory.CreateDirectory(Path.Combine(fixture.Root, "cancelled")).FullName;
        string model = Path.Combine(folder, "model.zip");
        File.WriteAllText(model, "the old file");
        using Process process = Tool.Start(Tool.Assembly, "train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--epochs", "100000", "--out", model);
        while (process.StandardError.ReadLine() is { } line && !line.StartsWith("epoch")) { }
        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        string rest = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("stopped", rest);
        Assert.Equal([model], Directory.GetFiles(folder));
        Assert.Equal("the old file", File.ReadAllText(model));
    }

    [Fact]
    public void A_full_disk_leaves_the_old_model_file_and_no_other()
    {
        string folder = Directory.CreateDirectory(Path.Combine(fixture.Root, "full")).FullName;
        string model = Path.Combine(folder, "model.zip");
        File.WriteAllText(model, "the old file");
        Tool.Result result = Tool.RunOnFullDisk(64, [.. Train(fixture.Images)[..^1], model]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"could not be written to '{model}'", result.Errors);
        Assert.Equal([model], Directory.GetFiles(folder));
        Assert.Equal("the old file", File.ReadAllText(model));
    }

    private string[] Train(string data) =>
        ["train", data, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--out", Path.Combine(fixture.Root, "bad.zip")];

    private static void Fails(string[] arguments, params string[] expected)
    {
        Tool.Result result = Tool.Run(arguments);
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: {result.Output}{result.Errors}");
        Assert.All(expected, text => Assert.Contains(text, result.Errors));
        Assert.DoesNotContain("   at ", result.Errors);
    }
}
