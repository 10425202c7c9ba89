using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli.Tests;

public sealed class DataSetTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void A_split_folder_trains_on_its_train_part_and_measures_on_its_val_part()
    {
        string split = Split();
        Tool.Result trained = Tool.Run([.. Train(split), "--json"]);
        Assert.True(trained.ExitCode == 0, trained.Errors);
        Assert.Contains($"'{split}' is split: train is taken (30 images), val is measured on (9), test left alone\n", trained.Errors);
        Assert.Equal(30, trained.Json.GetProperty("images").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Number, trained.Json.GetProperty("validationAccuracy").ValueKind);
    }

    [Fact]
    public void A_split_folder_is_evaluated_on_its_test_part_or_else_on_its_val_part()
    {
        string split = Split();
        Tool.Result tested = Tool.Run("evaluate", fixture.Model, split, "--json");
        Assert.Contains("test is taken (9 images), train and val left alone\n", tested.Errors);
        Assert.Equal(9, tested.Json.GetProperty("images").GetInt32());
        Directory.Delete(Path.Combine(split, "test"), recursive: true);
        Assert.Contains("val is taken (9 images), train left alone\n", Tool.Run("evaluate", fixture.Model, split).Errors);
    }

    [Fact]
    public void A_validation_set_of_its_own_leaves_the_val_part_alone()
    {
        string split = Split();
        (DataSet train, DataSet? validation) = DataSet.OpenForTraining(split, fixture.Images, Unreadable.Refused, default);
        Assert.Equal((30, 48), (train.Count, validation!.Count));
        Assert.Equal(9, DataSet.OpenForTraining(split, null, Unreadable.Refused, default).Validation!.Count);
        Assert.Equal(9, DataSet.OpenForTraining(fixture.Images, split, Unreadable.Refused, default).Validation!.Count);
        Assert.Null(DataSet.OpenForTraining(fixture.Images, null, Unreadable.Refused, default).Validation);
    }

    [Fact]
    public void A_split_folder_without_the_part_that_is_wanted_says_what_it_has()
    {
        string split = Split();
        Directory.Delete(Path.Combine(split, "train"), recursive: true);
        Fails(Train(split), $"'{split}' is split into val and test. Expected a part called train.");
    }

    [Fact]
    public void Rubbish_is_passed_over_in_one_line()
    {
        string copy = fixture.Copy();
        foreach (string file in (string[])["__MACOSX/red/._0.jpg", "red/@eaDir/00.png/thumb.jpg", "blue/.ipynb_checkpoints/00.png", "blue/.DS_Store", "green/notes.txt"])
        {
            Directory.CreateDirectory(Path.Combine(copy, Path.GetDirectoryName(file)!));
            File.WriteAllText(Path.Combine(copy, file), "rubbish");
        }
        Directory.CreateDirectory(Path.Combine(copy, "empty"));
        Tool.Result result = Tool.Run("evaluate", fixture.Model, copy, "--json");
        Assert.Equal($"passed over in '{copy}': 1 hidden file, 1 hidden folder, 1 .txt, 1 @eaDir, 1 __MACOSX, 1 empty folder\n", result.Errors);
        Assert.Equal((48, 3), (result.Json.GetProperty("images").GetInt32(), result.Json.GetProperty("classes").GetArrayLength()));
    }

    [Fact]
    public void A_folder_around_the_one_that_was_meant_is_told_with_that()
    {
        string copy = fixture.Copy(), around = Path.Combine(fixture.Root, $"around-{Guid.NewGuid():N}"), inner = Path.Combine(around, "colours");
        Directory.CreateDirectory(around);
        Directory.Move(copy, inner);
        Fails(Train(around), $"if the folders in '{inner}' are the classes, give '{inner}'", "a second class is needed");
        Fails(["evaluate", fixture.Model, around], $"give '{inner}'");
    }

    [Fact]
    public void Images_without_folders_are_told_what_folders_are_for()
    {
        string flat = Path.Combine(fixture.Copy(), "red");
        Fails(Train(flat), "holds 16 images, but no folders of images. Expected one folder per class");
    }

    [Theory]
    [InlineData("train")]
    [InlineData("compare")]
    [InlineData("find-rate")]
    public void One_class_is_too_few_and_no_word_of_schemas(string command)
    {
        string copy = fixture.Copy();
        Directory.Delete(Path.Combine(copy, "red"), recursive: true);
        Directory.Delete(Path.Combine(copy, "blue"), recursive: true);
        string errors = Fails([command, copy, "--arch", "lenet5", "--out", Path.Combine(fixture.Root, "one-class")], $"'{copy}' has images of one class only, 'green': a second class is needed. Expected one folder of images per class");
        Assert.DoesNotContain("Schema", errors);
    }

    [Fact]
    public void Images_that_are_not_read_are_refused_before_training_with_what_to_do()
    {
        string copy = fixture.Copy(), heic = Path.Combine(copy, "red", "IMG_1.HEIC");
        File.WriteAllBytes(heic, "\0\0\0\u0018ftypheic\0\0\0\0"u8.ToArray());
        Assert.DoesNotContain("epoch", Fails(Train(copy), $"  {heic}: it is", "HEIC", "convert it"));
    }

    [Theory]
    [InlineData("{0};red\n{1};blue\n")]
    [InlineData("label,filename\nred,{0}\nblue,{1}\n")]
    [InlineData(",path,label\n0,{0},red\n1,{1},blue\n")]
    [InlineData("\uFEFF{0},red\r\n{1},blue\r\n")]
    [InlineData("image\tclass\tsplit\n{0}\tred\ttrain\n{1}\tblue\ttrain\n{0}\tred\ttest\n")]
    public void List_files_of_any_dialect_are_opened(string text)
    {
        string list = Path.Combine(fixture.Images, "list.csv");
        File.WriteAllText(list, string.Format(text, "red/00.png", "blue/01.jpg"));
        DataSet data = DataSet.OpenChecked(list, DataPart.Train, Unreadable.Refused, default);
        File.Delete(list);
        Assert.Equal([("red", Path.Combine("red", "00.png")), ("blue", Path.Combine("blue", "01.jpg"))], Enumerable.Range(0, data.Count).Select(i => (data.LabelOf(i), data.NameOf(i).Replace('/', Path.DirectorySeparatorChar))));
    }

    private string[] Train(string data) =>
        ["train", data, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--out", Path.Combine(fixture.Root, $"{Guid.NewGuid():N}")];

    // 10, 3 and 3 images of each class.
    private string Split()
    {
        string split = Path.Combine(fixture.Root, Guid.NewGuid().ToString("N"));
        foreach (LabelledImage image in ImageFolder.Read(fixture.Images, absolutePaths: true))
        {
            string name = Path.GetFileName(image.ImagePath);
            string folder = Path.Combine(split, string.CompareOrdinal(name, "10") < 0 ? "train" : string.CompareOrdinal(name, "13") < 0 ? "val" : "test", image.Label);
            Directory.CreateDirectory(folder);
            File.Copy(image.ImagePath, Path.Combine(folder, name));
        }
        return split;
    }

    private static string Fails(string[] arguments, params string[] expected)
    {
        Tool.Result result = Tool.Run(arguments);
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: {result.Output}{result.Errors}");
        Assert.All(expected, text => Assert.Contains(text, result.Errors));
        return result.Errors;
    }
}
