using CnnTrainers.Cli.Reporting;

namespace CnnTrainers.Cli.Tests.Reporting;

public sealed class CommandTextTests
{
    [Fact]
    public void Words_that_a_shell_would_take_apart_are_quoted() =>
        Assert.Equal("cnn train 'my flowers' --out 'it'\\''s.zip' --option RandomErasing.Scale=0.1,0.2 '' '$x'", CommandText.Of("cnn", "train", "my flowers", "--out", "it's.zip", "--option", "RandomErasing.Scale=0.1,0.2", "", "$x"));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData(" edge", "\" edge\"")]
    public void Fields_of_a_table_are_quoted_where_they_must_be(string field, string expected) => Assert.Equal($"{expected},1.5,", Csv.Line(field, 1.5, null));
}
