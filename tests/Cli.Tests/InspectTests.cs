using System.Text.Json;

namespace CnnTrainers.Cli.Tests;

public sealed class InspectTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void A_good_file_is_shown_with_transformers_classes_and_training()
    {
        Tool.Result result = Tool.Run("inspect", fixture.Model);
        Assert.True(result.ExitCode == 0, result.Errors);
        string[] expected = ["Weights.safetensors", "TermTransform", "CnnTransformer", "CNN XFER", "lenet5 (LeNetVariant)", "blue, green, red", "ImagePath", "32x32"];
        Assert.All(expected, text => Assert.Contains(text, result.Output));
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public void Json_holds_everything()
    {
        JsonElement json = Tool.Run("inspect", fixture.Model, "--json").Json;
        JsonElement network = json.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("network")).Single(one => one.ValueKind != JsonValueKind.Null);
        Assert.Equal(["blue", "green", "red"], network.GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(6, network.GetProperty("training").GetProperty("history").GetArrayLength());
        Assert.Equal(0, json.GetProperty("faults").GetArrayLength());
    }

    [Fact]
    public void A_file_that_is_cut_off_fails_and_says_so()
    {
        string cut = Path.Combine(fixture.Root, "cut.zip");
        File.WriteAllBytes(cut, File.ReadAllBytes(fixture.Model)[..^500]);
        Tool.Result result = Tool.Run("inspect", cut);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"'{cut}' is damaged, or no model file: the file: expected a zip archive with its directory at the end", result.Errors);
    }

    [Fact]
    public void Json_of_a_damaged_file_holds_the_faults_and_fails()
    {
        string cut = Path.Combine(fixture.Root, "cut-json.zip");
        File.WriteAllBytes(cut, File.ReadAllBytes(fixture.Model)[..1000]);
        Tool.Result result = Tool.Run("inspect", cut, "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("1,000 bytes", result.Json.GetProperty("faults")[0].GetProperty("got").GetString());
    }

    [Fact]
    public void Text_a_foreign_archive_and_a_missing_file_fail_with_one_line()
    {
        string text = Path.Combine(fixture.Root, "text.zip"), foreign = Path.Combine(fixture.Root, "foreign.zip");
        File.WriteAllText(text, "hello");
        using (var zip = System.IO.Compression.ZipFile.Open(foreign, System.IO.Compression.ZipArchiveMode.Create)) zip.CreateEntry("xl/workbook.xml");
        Fails(text, "a zip archive");
        Fails(foreign, "xl/workbook.xml");
        Fails(Path.Combine(fixture.Root, "nowhere.zip"), "does not exist");
    }

    private static void Fails(string file, string expected)
    {
        Tool.Result result = Tool.Run("inspect", file);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(file, result.Errors);
        Assert.Contains(expected, result.Errors);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
    }
}
