using System.Text;
using System.Text.Json;

namespace CnnTrainers.Cli.Tests;

public sealed class PredictTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    private string Red => Path.Combine(fixture.Images, "red");

    [Fact]
    public void A_folder_stands_for_all_images_below_it_in_order() =>
        Assert.Equal(Directory.GetFiles(fixture.Images, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal), Images("predict", fixture.Model, fixture.Images));

    [Theory]
    [InlineData("*.jpg", 8)]
    [InlineData("0[0-3].*", 4)]
    [InlineData("../**/00.png", 3)]
    [InlineData("../{blue,green}/0?.png", 10)]
    [InlineData("../*", 48)]
    public void A_pattern_stands_for_the_files_that_match(string pattern, int count) =>
        Assert.Equal(count, Images("predict", fixture.Model, Path.Combine(Red, pattern)).Count());

    [Theory]
    [InlineData("list.csv", "path,label\nred/00.png,x\nblue/01.jpg,y\n")]
    [InlineData("list.txt", "red/00.png\n\nblue/01.jpg")]
    [InlineData("list.tsv", "filename\r\nred/00.png\r\nblue/01.jpg\r\n")]
    public void A_list_stands_for_the_images_in_it(string name, string text)
    {
        string copy = fixture.Copy(), list = Path.Combine(copy, name);
        File.WriteAllText(list, text);
        Assert.Equal([Path.Combine(copy, "red/00.png"), Path.Combine(copy, "blue/01.jpg")], Images("predict", fixture.Model, list));
    }

    [Fact]
    public void Paths_may_come_on_standard_input()
    {
        string red = Path.Combine(Red, "00.png"), blue = Path.Combine(fixture.Images, "blue", "01.jpg");
        Tool.Result result = Tool.RunWithInput(Encoding.UTF8.GetBytes($"{red}\n\n{blue}\r\n"), "predict", fixture.Model, "-", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal([red, blue], result.Json.EnumerateArray().Select(p => p.GetProperty("image").GetString()));
    }

    [Fact]
    public void An_image_may_come_on_standard_input()
    {
        Tool.Result result = Tool.RunWithInput(File.ReadAllBytes(Path.Combine(Red, "00.png")), "predict", fixture.Model, "/dev/stdin", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(("/dev/stdin", "red"), (result.Json[0].GetProperty("image").GetString(), result.Json[0].GetProperty("class").GetString()));
    }

    [Fact]
    public void The_bytes_of_an_image_are_not_taken_for_paths()
    {
        Tool.Result result = Tool.RunWithInput(File.ReadAllBytes(Path.Combine(Red, "01.jpg")), "predict", fixture.Model, "-");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("/dev/stdin", result.Errors);
    }

    [Fact]
    public void All_that_is_wrong_is_named_at_the_end_and_the_others_have_their_answers()
    {
        string copy = fixture.Copy(), empty = Directory.CreateDirectory(Path.Combine(copy, "empty")).FullName;
        string[] bad = [.. Enumerable.Range(0, 12).Select(i => Path.Combine(copy, "red", $"text{i}.jpg"))];
        foreach (string file in bad) File.WriteAllText(file, "no image");
        Tool.Result result = Tool.Run("predict", fixture.Model, Path.Combine(copy, "red"), empty, Path.Combine(copy, "*.gone"), "gone.png", "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(16, result.Json.GetArrayLength());
        Assert.All(bad, file => Assert.Contains($"  {file}: it is text, not an image\n", result.Errors));
        Assert.All((string[])[$"there is no image in the folder '{empty}'", $"no file matches '{Path.Combine(copy, "*.gone")}'", "  gone.png: the file does not exist\n", "13 of 29 files"],
            text => Assert.Contains(text, result.Errors));
    }

    [Fact]
    public void A_csv_file_has_a_line_for_each_image()
    {
        string copy = fixture.Copy(), odd = Path.Combine(copy, "a, \"b\" ü.png"), answers = Path.Combine(copy, "answers.csv");
        File.Move(Path.Combine(copy, "red", "00.png"), odd);
        Tool.Result result = Tool.Run("predict", fixture.Model, odd, Path.Combine(copy, "blue"), "gone.png", "--top", "2", "--out", answers);
        Assert.Equal(1, result.ExitCode);
        string[] lines = File.ReadAllLines(answers);
        Assert.Equal("image,class,probability,class2,probability2", lines[0]);
        Assert.Matches($"^\"{odd.Replace("\"", "\"\"")}\",red,(0\\.\\d+|1),(blue|green),", lines[1]);
        Assert.Equal(18, lines.Length);
        Assert.Matches("Wrote .*answers.csv: 17 images, 16 blue, 1 red\\.", result.Output);
    }

    [Fact]
    public void A_json_file_has_an_object_for_each_image()
    {
        string answers = Path.Combine(fixture.Root, "answers.json");
        Tool.Result result = Tool.Run("predict", fixture.Model, Red, "--out", answers, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(16, result.Json.GetProperty("classes").GetProperty("red").GetInt32());
        Assert.Equal(16, JsonDocument.Parse(File.ReadAllText(answers)).RootElement.GetArrayLength());
    }

    [Fact]
    public void A_disk_that_is_full_leaves_the_old_answers()
    {
        string folder = Directory.CreateDirectory(Path.Combine(fixture.Root, "full")).FullName, answers = Path.Combine(folder, "answers.csv");
        File.WriteAllText(answers, "the old answers");
        string images = Path.Combine(fixture.Root, new string('a', 200), new string('b', 200)); // so that answers are long
        Directory.CreateDirectory(images);
        File.Copy(Path.Combine(Red, "00.png"), Path.Combine(images, "00.png"));
        // Room for the model's weights of 250 KB, not for 800 answers of half a kilobyte.
        Tool.Result result = Tool.RunOnFullDisk(320, ["predict", fixture.Model, .. Enumerable.Repeat(images, 800), "--out", answers]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"could not be written to '{answers}'", result.Errors);
        Assert.Equal("the old answers", File.ReadAllText(Assert.Single(Directory.GetFiles(folder))));
    }

    [Fact]
    public void Below_the_threshold_the_answer_is_unknown()
    {
        string red = Path.Combine(Red, "00.png");
        JsonElement answer = Tool.Run("predict", fixture.Model, red, "--threshold", "1", "--json").Json[0];
        Assert.Equal(("unknown", "red"), (answer.GetProperty("class").GetString(), answer.GetProperty("classes")[0].GetProperty("class").GetString()));
        Assert.Matches(@"00\.png  unknown: red 0\.\d{3}\n", Tool.Run("predict", fixture.Model, red, "--threshold", "1").Output);
        Assert.Matches(@"00\.png  red [01]\.\d{3}\n", Tool.Run("predict", fixture.Model, red, "--threshold", "0").Output);
    }

    [Theory]
    [InlineData("--threshold 1.5", "--threshold is 1.5, expected 0 to 1.")]
    [InlineData("--out answers.txt", "expected a name that ends with .csv or .json")]
    [InlineData("[z-a].jpg", "is no pattern")]
    public void Wrong_usage_exits_with_2(string arguments, string expected)
    {
        Tool.Result result = Tool.Run(["predict", fixture.Model, "x.png", .. arguments.Split(' ')]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors);
    }

    [Fact]
    public void A_file_whose_name_looks_like_a_pattern_or_an_option_file_is_a_file()
    {
        string copy = fixture.Copy(), odd = Path.Combine(copy, "a[1]*.png");
        File.Copy(Path.Combine(Red, "00.png"), odd);
        Assert.Equal([odd], Images("predict", fixture.Model, odd));
        Assert.Contains("  @gone.png: the file does not exist", Tool.Run("predict", fixture.Model, odd, "@gone.png").Errors);
    }

    private static IEnumerable<string?> Images(params string[] arguments)
    {
        Tool.Result result = Tool.Run([.. arguments, "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Json.EnumerateArray().Select(p => p.GetProperty("image").GetString());
    }
}
