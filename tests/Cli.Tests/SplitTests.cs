namespace CnnTrainers.Cli.Tests;

public sealed class SplitTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void Five_images_in_batches_of_two_train_a_network_with_norms()
    {
        Tool.Result result = Tool.Run([.. Train(Some(("blue", 3), ("red", 2)), "resnet18"), "--batch-size", "2", "--validation-fraction", "0"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.True(double.IsFinite(result.Json.GetProperty("trainLoss").GetDouble()));
    }

    [Fact]
    public void The_only_image_of_a_class_is_not_held_out()
    {
        Tool.Result result = Tool.Run(Train(Some(("blue", 1), ("green", 1), ("red", 1))));
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.DoesNotContain("No training image", result.Errors);
        Assert.Contains("No class has a second image, so none is set apart for validation.", result.Errors);
        Assert.Contains("Fewer than 5 images of 'blue' (1), 'green' (1), 'red' (1): ", result.Errors);
    }

    [Fact]
    public void A_rare_class_is_warned_of_and_held_out_by_its_share()
    {
        string images = Some(("blue", 12), ("green", 12), ("red", 4)), page = Path.Combine(fixture.Root, $"{Guid.NewGuid():N}.html");
        Tool.Result result = Tool.Run([.. Train(images), "--validation-fraction", "0.25", "--report", page]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("Fewer than 5 images of 'red' (4): ", result.Errors);
        Assert.Contains("Looking at 7 validation images", result.Errors);
        Assert.Contains("7 of the images, set apart", File.ReadAllText(page));
    }

    [Fact]
    public void A_comparison_that_can_set_nothing_apart_says_what_it_needs()
    {
        string folder = Path.Combine(fixture.Root, $"{Guid.NewGuid():N}");
        Tool.Result result = Tool.Run("compare", Some(("blue", 1), ("red", 1)), "--arch", "lenet5", "--image-size", "32", "--out", folder);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no class of", result.Errors);
        Assert.Contains("--validation", result.Errors);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Test_images_are_measured_once_with_the_model_as_it_was_saved()
    {
        string model = NewModel(), page = $"{model}.html", test = Some(("blue", 5), ("red", 6));
        Tool.Result result = Tool.Run([.. Train(Some(("blue", 10), ("green", 10), ("red", 10)), model: model), "--validation", fixture.Images, "--test", test, "--report", page]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Tool.Result evaluated = Tool.Run("evaluate", model, test, "--json");
        foreach ((string name, string of) in ((string, string)[])[("testAccuracy", "accuracy"), ("testMacroAccuracy", "macroAccuracy"), ("testLogLoss", "logLoss"), ("testImages", "images")])
            Assert.Equal(evaluated.Json.GetProperty(of).GetDouble(), result.Json.GetProperty(name).GetDouble(), 6);
        Assert.Contains($"11 images of {test}", File.ReadAllText(page));
    }

    [Fact]
    public void A_comparison_measures_its_best_on_test_images()
    {
        string folder = Path.Combine(fixture.Root, $"{Guid.NewGuid():N}"), test = Some(("green", 4), ("red", 4));
        Tool.Result result = Tool.Run("compare", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--preset", "fast", "--epochs", "1", "--no-baseline", "--test", test, "--out", folder, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Tool.Result evaluated = Tool.Run("evaluate", Path.Combine(folder, "best.zip"), test, "--json");
        Assert.Equal(evaluated.Json.GetProperty("logLoss").GetDouble(), result.Json.GetProperty("testLogLoss").GetDouble(), 6);
        Assert.Contains($"8 images of {test}", File.ReadAllText(Path.Combine(folder, "report.html")));
    }

    [Theory]
    [InlineData("nowhere", "does not exist")]
    [InlineData("others", "has no image of a class of")]
    [InlineData("cut", "the file ends early")]
    public void Test_images_that_will_not_do_are_refused_before_training(string what, string expected)
    {
        string test = Some(("red", 2)), model = NewModel();
        if (what == "nowhere") Directory.Delete(test, recursive: true);
        if (what == "others") Directory.Move(Path.Combine(test, "red"), Path.Combine(test, "purple"));
        if (what == "cut") File.WriteAllBytes(Path.Combine(test, "red", "00.png"), File.ReadAllBytes(Path.Combine(test, "red", "00.png"))[..200]);
        Tool.Result result = Tool.Run([.. Train(fixture.Images, model: model), "--test", test]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Errors);
        Assert.Contains(test, result.Errors);
        Assert.DoesNotContain("epoch", result.Errors);
        Assert.False(File.Exists(model));
    }

    private string[] Train(string images, string architecture = "lenet5", string? model = null) =>
        ["train", images, "--arch", architecture, "--image-size", "32", "--epochs", "1", "--seed", "1", "--checkpoint-every", "0", "--out", model ?? NewModel(), "--json"];

    private string NewModel() => Path.Combine(fixture.Root, $"{Guid.NewGuid():N}.zip");

    // The first images of some classes, in a folder of their own.
    private string Some(params (string Class, int Count)[] classes)
    {
        string folder = Path.Combine(fixture.Root, $"{Guid.NewGuid():N}");
        foreach ((string name, int count) in classes)
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            foreach (string file in Directory.EnumerateFiles(Path.Combine(fixture.Images, name)).Order().Take(count)) File.Copy(file, Path.Combine(folder, name, Path.GetFileName(file)));
        }
        return folder;
    }
}
