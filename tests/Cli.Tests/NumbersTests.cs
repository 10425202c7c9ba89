using System.CommandLine;
using System.Globalization;
using CnnTrainers.Cli.Commands;
using CnnTrainers.Cli.Comparing;

namespace CnnTrainers.Cli.Tests;

public sealed class NumbersTests
{
    private static readonly string[] _wrong = ["0,01", "1e", "5 epochs", "NaN", "Infinity", "-Infinity", " 1", "1 ", "1_000", "1,000", "1.000,5", "0x10", "1e999", "", "５"];

    /// <summary>Every option of every command that is no text and no switch.</summary>
    public static TheoryData<string, string> Options => [.. Walk(Root.Create(), "")];

    [Theory]
    [MemberData(nameof(Options))]
    public void What_is_no_number_is_refused_in_words_wherever_the_comma_is_decimal(string command, string option) => WithDecimalComma(() =>
    {
        Assert.All(_wrong, text =>
        {
            ParseResult parsed = Root.Create().Parse([.. command.Split(' '), option, text]);
            Assert.Contains(parsed.Errors, error => error.Message.StartsWith($"{option} is '{text}', expected ", StringComparison.Ordinal));
        });
    });

    [Fact]
    public void No_option_is_forgotten() => Assert.InRange(Options.Count, 35, 100);

    [Fact]
    public void Numbers_are_read_alike_wherever_the_comma_is_decimal() => WithDecimalComma(() =>
    {
        Assert.Equal((0.01, 1e-3, -7), (Numbers.Parse<double>("0.01"), Numbers.Parse<double>("1e-3"), Numbers.Parse<int>("-7")));
        Assert.Equal(0.5, OptionAssignment.Apply(new CnnTrainerOptions(), "ClipGradientNorm=0.5").ClipGradientNorm);
        Assert.True(Duration.TryParse("1.5h", out TimeSpan time));
        Assert.Equal(90, time.TotalMinutes);
    });

    [Fact]
    public void The_comma_is_named_where_there_is_one()
    {
        Assert.Equal("expected a number such as 0.01 (a decimal point, no comma)", Numbers.Expected<double>("0,01"));
        Assert.Equal("expected a whole number from -2147483648 to 2147483647", Numbers.Expected<int>("99999999999"));
    }

    [Theory]
    [InlineData("--option", "ClipGradientNorm=0,01")]
    [InlineData("--option", "ClipGradientNorm=NaN")]
    [InlineData("--option", "Epochs=1e")]
    [InlineData("--option", "Epochs=1_000")]
    [InlineData("--option", "MemoryBudgetBytes= 1")]
    [InlineData("--option", "RandomErasing.Scale=0,02,0,4")]
    [InlineData("--option", "Mean=0,05")]
    [InlineData("--option", "CheckpointEvery=5")]
    [InlineData("--option", "CheckpointEvery=0,5h")]
    [InlineData("--search", "rate=0,01")]
    [InlineData("--search", "rate=0,001..0,1")]
    [InlineData("--search", "decay=0,05")]
    [InlineData("--search", "batch=32,5 images")]
    [InlineData("--search", "size= 64")]
    [InlineData("--search", "LabelSmoothing=1e")]
    [InlineData("--class-weights", "cat:0,5")]
    [InlineData("--class-weights", "cat:NaN")]
    public void Numbers_within_texts_are_read_as_strictly(string option, string text) => WithDecimalComma(() =>
    {
        var e = Assert.Throws<CliException>(() => option switch
        {
            "--option" => (object)OptionAssignment.Apply(new CnnTrainerOptions(), text),
            "--search" => SearchArgument.Parse([text], random: 2, new CnnTrainerOptions(), flips: true),
            _ => RecipeArguments.Weights(text),
        });
        Assert.Equal(2, e.ExitCode);
        Assert.StartsWith(option, e.Message);
        Assert.Contains("expected ", e.Message);
    });

    [Fact]
    public void The_tool_exits_with_2_and_says_it_in_one_line()
    {
        Tool.Result result = Tool.Run("train", "images", "--learning-rate", "0,01");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("cnn: --learning-rate is '0,01', expected a number such as 0.01 (a decimal point, no comma).\nTry: cnn train --help\n", result.Errors);
    }

    private static IEnumerable<(string Command, string Option)> Walk(Command command, string path) =>
        command.Options.Where(option => option.ValueType.IsValueType && option.ValueType != typeof(bool) && option.ValueType != typeof(void)).Select(option => (path, option.Name))
            .Concat(command.Subcommands.SelectMany(one => Walk(one, $"{path} {one.Name}".Trim())));

    private static void WithDecimalComma(Action test)
    {
        CultureInfo before = CultureInfo.CurrentCulture, comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.Equal("0,5", $"{0.5}");
            test();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
