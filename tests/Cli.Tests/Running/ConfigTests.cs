using System.CommandLine;
using System.IO.Compression;
using CnnTrainers.Cli.Commands;
using CnnTrainers.Cli.Running;

namespace CnnTrainers.Cli.Tests.Running;

public sealed class ConfigTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    private static readonly RootCommand _root = Root.Create();

    [Theory]
    [InlineData("{ \"data\": \"x\",\n \"epoch\": 3 }", "line 2: \"epoch\" is no option of cnn train. Did you mean epochs?")]
    [InlineData("{ \"epochs\": \"3\" }", "line 1: \"epochs\" is \"3\", expected a whole number such as 10, without quotes.")]
    [InlineData("{ \"epochs\": 3.5 }", "\"epochs\" is 3.5, expected a whole number")]
    [InlineData("{\n\n\"epochs\": 0 }", "line 3: \"epochs\" is 0, expected a number above 0.")]
    [InlineData("{ \"learning-rate\": \"0,01\" }", "\"learning-rate\" is \"0,01\", expected a number with a decimal point")]
    [InlineData("{ \"learning-rate\": 0,01 }", "line 1: ", "Numbers have a decimal point, no comma.")]
    [InlineData("{ \"no-flip\": \"yes\" }", "\"no-flip\" is \"yes\", expected true or false, without quotes.")]
    [InlineData("{ \"data\": 5 }", "\"data\" is 5, expected a text in quotes.")]
    [InlineData("{ \"arch\": \"resnet81\" }", "\"arch\" is \"resnet81\": There is no architecture 'resnet81'. Did you mean resnet18")]
    [InlineData("{ \"preset\": \"worst\" }", "\"preset\" is \"worst\": ", "'fast' 'standard' 'best'.")]
    [InlineData("{ \"image-size\": \"3by4\" }", "\"image-size\" is \"3by4\", expected one size like 64")]
    [InlineData("{ \"class-weights\": \"cat:x\" }", "\"class-weights\" is \"cat:x\", expected balanced or weights like cat:2,dog:0.5")]
    [InlineData("{ \"option\": {\n\"Epoch\": 3 } }", "line 2: \"Epoch\" of \"option\" is 3: there is no 'Epoch'. Did you mean Epochs?")]
    [InlineData("{ \"option\": { \"ClipGradientNorm\": \"0,1\" } }", "\"ClipGradientNorm\" of \"option\" is \"0,1\": expected a number such as 0.01 (a decimal point, no comma)")]
    [InlineData("{ \"option\": [\"a=1\"] }", "expected an object such as { \"ClipGradientNorm\": 1 }")]
    [InlineData("{ \"epochs\": 2,\n \"epochs\": 3 }", "line 2: \"epochs\" is there twice, also in line 1.")]
    [InlineData("{ \"resume\": true }", "\"resume\" is no option of cnn train.")]
    [InlineData("{ \"version\": 2 }", "\"version\" is 2, expected 1: it was written by another version of cnn.")]
    [InlineData("{ \"arch\": \"\\ud800\" }", "\"arch\" is \"\\ud800\", which has half a character.")]
    [InlineData("[1]", "line 1: It is no object.")]
    [InlineData("{} more", "line 1: 'm' is invalid")]
    public void A_wrong_entry_is_refused_by_name_and_line_with_what_is_expected(string text, params string[] expected)
    {
        CliException fault = Assert.Throws<CliException>(() => Merged(text));
        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.All(expected, part => Assert.Contains(part, fault.Message));
    }

    [Fact]
    public void What_the_command_line_says_wins_setting_by_setting()
    {
        ParseResult parsed = Merged("{ \"data\": \"a\", \"epochs\": 2, \"no-flip\": true, /* why */ \"image-size\": 32, \"option\": { \"Momentum\": 0.8, \"WeightDecay\": 0 }, }",
            "b", "--epochs", "3", "--option", "Momentum=0.7");
        Assert.Empty(parsed.Errors);
        Assert.Equal("b", parsed.GetValue<string>("data"));
        Assert.Equal(3, parsed.GetValue<int>("--epochs"));
        Assert.True(parsed.GetValue<bool>("--no-flip"));
        Assert.Equal((32, 32), parsed.GetValue<(int, int)?>("--image-size"));
        Assert.Equal(["Momentum=0.8", "WeightDecay=0", "Momentum=0.7"], parsed.GetValue<string[]>("--option")!);
    }

    [Fact]
    public void A_printed_config_is_read_back_as_the_same_one()
    {
        string[] words = ["train", fixture.Images, "--arch", "lenet5", "--image-size", "32x48", "--learning-rate", "0.02", "--no-flip", "--option", "RandomErasing.Scale=0.1,0.2", "--option", "Nesterov=false", "--class-weights", "red:2"];
        string printed = RunConfig.Text(_root.Parse(words), []);
        Assert.Equal(printed, RunConfig.Text(Merged(printed), []));
        Assert.Contains("\"learning-rate\": 0.02", printed);
    }

    [Fact]
    public void A_run_told_by_the_config_of_another_gives_its_weights()
    {
        string first = Path.Combine(fixture.Root, "first.zip"), second = Path.Combine(fixture.Root, "second.zip");
        Tool.Result one = Tool.Run("train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--epochs", "2", "--no-flip", "--option", "Threads=1", "--out", first, "--json");
        Assert.True(one.ExitCode == 0, one.Errors);
        string config = one.Json.GetProperty("config").GetString()!;
        Tool.Result other = Tool.Run("train", "--config", config, "--out", second);
        Assert.True(other.ExitCode == 0, other.Errors);
        Assert.DoesNotContain("otherwise", other.Errors);
        Assert.Equal(Weights(first), Weights(second));

        Tool.Result printed = Tool.Run("train", "--config", config, "--epochs", "3", "--out", Path.Combine(fixture.Root, "none.zip"), "--print-config");
        Assert.True(printed.ExitCode == 0, printed.Errors);
        Assert.Contains("\"epochs\": 3", printed.Output);
        Assert.Contains("\"batch size\": \"8\"", printed.Output);
        Assert.False(File.Exists(Path.Combine(fixture.Root, "none.zip")));
    }

    [Theory]
    [InlineData("nowhere.json", "does not exist")]
    [InlineData(".", "is a folder")]
    public void A_config_that_cannot_be_read_is_named(string path, string expected) =>
        Assert.Contains(expected, Assert.Throws<CliException>(() => ConfigArguments.Merge(_root.Parse(["train", "--config", path]), words => _root.Parse(words))).Message);

    private ParseResult Merged(string text, params string[] words)
    {
        string file = Path.Combine(fixture.Root, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(file, text);
        return ConfigArguments.Merge(_root.Parse(["train", "--config", file, .. words]), merged => _root.Parse(merged));
    }

    private static byte[] Weights(string model)
    {
        using ZipArchive zip = ZipFile.OpenRead(model);
        using var copy = new MemoryStream();
        using Stream weights = zip.Entries.Single(e => e.Name.EndsWith(".safetensors")).Open();
        weights.CopyTo(copy);
        return copy.ToArray();
    }
}
