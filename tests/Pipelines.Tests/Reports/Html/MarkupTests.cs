using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines.Tests.Reports.Html;

public sealed class MarkupTests
{
    [Fact]
    public void What_fills_a_hole_is_escaped() =>
        Assert.Equal("<b title=\"&quot;a&quot; &amp; &#39;b&#39;\">&lt;i&gt;</b>", Markup.Of($"<b title=\"{"\"a\" & 'b'"}\">{"<i>"}</b>").Text);

    [Fact]
    public void Markup_in_a_hole_is_not_escaped_again() => Assert.Equal("<p><b>a &amp; b</b></p>", Markup.Of($"<p>{Markup.Of($"<b>{"a & b"}</b>")}</p>").Text);

    [Fact]
    public void Numbers_are_written_as_in_English() => Assert.Equal("1.50", Markup.Of($"{1.5:0.00}").Text);

    [Theory]
    [InlineData(0.5, "50.0%")]
    [InlineData(1.0, "100.0%")]
    [InlineData(0.9999, "99.99%")]
    [InlineData(null, "–")]
    public void Percent_never_rounds_up_to_all(double? share, string expected) => Assert.Equal(expected, Say.Percent(share));

    [Theory]
    [InlineData(9.04, "9.0 s")]
    [InlineData(42, "42 s")]
    [InlineData(252, "4 min 12 s")]
    [InlineData(93_600, "26 h 0 min")]
    public void Durations_have_their_two_largest_units(double seconds, string expected) => Assert.Equal(expected, Say.Time(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(999L, "999", "999 B")]
    [InlineData(61_706L, "62 k", "62 kB")]
    [InlineData(11_175_370L, "11.2 M", "11.2 MB")]
    [InlineData(4_100_000_000L, "4.1 G", "4.1 GB")]
    public void Large_counts_and_sizes_have_a_letter(long number, string count, string bytes) => Assert.Equal((count, bytes), (Say.Large(number), Say.Bytes(number)));

    [Theory]
    [InlineData(0.0, "0.00")]
    [InlineData(0.04567, "0.0457")]
    [InlineData(2.3456, "2.35")]
    [InlineData(1384.2, "1,384")]
    [InlineData(0.000012, "1.2e-5")]
    [InlineData(double.NaN, "not a number")]
    public void Numbers_have_three_digits_that_count(double number, string expected) => Assert.Equal(expected, Say.Number(number));
}
