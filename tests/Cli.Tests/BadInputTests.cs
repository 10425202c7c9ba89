using System.Diagnostics;

namespace CnnTrainers.Cli.Tests;

public sealed class BadInputTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Theory]
    [InlineData("no-such-command")]
    [InlineData("train")]
    [InlineData("train x --epochs 0", "--epochs")]
    [InlineData("train x --epochs many", "--epochs is 'many', expected a whole number such as 10")]
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

    [Theory]
    [InlineData("text.jpg", "it is text, not an image")]
    [InlineData("cut.png", "the file ends early")]
    [InlineData("cut.jpg", "the file ends early")]
    [InlineData("empty.png", "the file is empty")]
    [InlineData("photo.tif", "it is a TIFF file, which is not read; convert it to PNG or JPEG")]
    public void A_file_that_is_no_whole_image_is_named_with_what_it_is(string name, string reason)
    {
        string copy = fixture.Copy(), bad = Bad(copy, name);
        Fails(Train(copy), $"  {bad}: {reason}\n", "1 of 49 files", "--skip-unreadable");
        Fails(["predict", fixture.Model, Path.Combine(copy, "red", "00.png"), bad], $"  {bad}: {reason}\n", "1 of 2 files");
    }

    [Theory]
    [InlineData("train")]
    [InlineData("compare")]
    [InlineData("find-rate")]
    [InlineData("evaluate")]
    [InlineData("explain")]
    public void Every_command_that_reads_images_names_a_cut_one_and_writes_nothing(string command)
    {
        string copy = fixture.Copy(), bad = Bad(copy, "cut.png"), written = Path.Combine(fixture.Root, "of-cut-images");
        string[] arguments = command switch
        {
            "evaluate" => [fixture.Model, copy, "--report", written],
            "explain" => [fixture.Model, Path.Combine(copy, "red", "00.png"), bad, "--out", written],
            _ => [copy, "--arch", "lenet5", "--out", written],
        };
        Assert.DoesNotContain("epoch", Fails([command, .. arguments], $"  {bad}: the file ends early\n"));
        Assert.False(Path.Exists(written));
    }

    [Fact]
    public void Many_bad_files_are_named_at_once_or_counted_and_nothing_is_trained()
    {
        string copy = fixture.Copy(), log = Path.Combine(fixture.Root, "log-of-bad-images");
        string[] bad = [.. Enumerable.Range(0, 12).Select(i => Bad(copy, $"text{i:00}.jpg"))];
        string errors = Fails([.. Train(copy), "--log", log], [.. bad.Take(10), "12 of 60 files", "and 2 more"]);
        Assert.DoesNotContain("epoch", errors);
        Assert.False(Directory.Exists(log));
    }

    [Fact]
    public void Prediction_answers_for_the_good_ones_all_the_same()
    {
        string bad = Bad(fixture.Copy(), "cut.jpg"), good = Path.Combine(fixture.Images, "red", "00.png");
        Tool.Result result = Tool.Run("predict", fixture.Model, bad, good, "gone.png", "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(good, Assert.Single(result.Json.EnumerateArray()).GetProperty("image").GetString());
        Assert.Contains($"  {bad}: the file ends early\n  gone.png: the file does not exist\n", result.Errors);
    }

    [Fact]
    public void A_model_of_images_in_memory_names_bad_files_too()
    {
        string model = Path.Combine(fixture.Root, "idx.zip"), images = Path.Combine(fixture.Root, "t-images-idx3-ubyte");
        File.WriteAllBytes(images, [0, 0, 8, 3, 0, 0, 0, 8, 0, 0, 0, 16, 0, 0, 0, 16, .. new byte[8 * 256]]);
        File.WriteAllBytes(images.Replace("images-idx3", "labels-idx1"), [0, 0, 8, 1, 0, 0, 0, 8, 0, 1, 0, 1, 0, 1, 0, 1]);
        Tool.Result trained = Tool.Run("train", images, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--validation-fraction", "0", "--out", model);
        Assert.True(trained.ExitCode == 0, trained.Errors);
        string bad = Bad(fixture.Copy(), "cut.png");
        Fails(["predict", model, Path.Combine(fixture.Images, "red", "00.png"), bad], $"  {bad}: the file ends early");
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
        Tool.Result stopped = Tool.Interrupt(process);
        Assert.Equal(1, stopped.ExitCode);
        Assert.Contains("stopped", stopped.Errors);
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

    // A file of the class red: text, half an image, nothing, or the beginning of a TIFF.
    private static string Bad(string images, string name)
    {
        string path = Path.Combine(images, "red", name);
        byte[] good = File.ReadAllBytes(Path.Combine(images, "red", name.EndsWith("jpg") ? "01.jpg" : "00.png"));
        File.WriteAllBytes(path,
            name.StartsWith("cut") ? good[..(good.Length / 2)] : name.StartsWith("text") ? "not an image"u8.ToArray() : name.EndsWith("tif") ? "II*\0\b\0\0\0"u8.ToArray() : []);
        return path;
    }

    private static string Fails(string[] arguments, params string[] expected)
    {
        Tool.Result result = Tool.Run(arguments);
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: {result.Output}{result.Errors}");
        Assert.All(expected, text => Assert.Contains(text, result.Errors));
        Assert.DoesNotContain("   at ", result.Errors);
        return result.Errors;
    }
}
