using CnnTrainers.Cli.Comparing;

namespace CnnTrainers.Cli.Tests.Comparing;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("2m5s", 125)]
    public void Times_are_read_as_people_write_them(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan time));
        Assert.Equal(seconds, time.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("0m")]
    [InlineData("0.5s")]
    [InlineData("m10")]
    [InlineData("10m ")]
    [InlineData("30m1h")]
    [InlineData("-1m")]
    [InlineData("9999999h")]
    public void What_is_no_time_of_a_second_or_more_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData(7, "0:07")]
    [InlineData(750, "12:30")]
    [InlineData(3900, "1:05:00")]
    [InlineData(100 * 3600, "100:00:00")]
    public void Times_are_written_short(double seconds, string expected) => Assert.Equal(expected, Duration.Text(TimeSpan.FromSeconds(seconds)));
}
