using System.Globalization;
using System.Xml.Linq;
using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines.Tests.Reports;

public sealed class LineChartTests
{
    [Fact]
    public void Every_point_is_drawn_within_the_picture_higher_values_above()
    {
        XElement svg = Draw(Chart(LineSeries.OfEpochs("loss", [2.5, 1.5, 0.25])));
        (double X, double Y)[] points = [.. Elements(svg, "circle").Select(c => (Number(c, "cx"), Number(c, "cy")))];
        Assert.Equal(3, points.Length);
        Assert.All(points, p => Assert.True(p is { X: > 0 and < 720, Y: > 0 and < 420 }));
        Assert.True(points[0].X < points[1].X && points[1].X < points[2].X);
        Assert.True(points[0].Y < points[1].Y && points[1].Y < points[2].Y);
        Assert.Contains("loss: 3, 0.25", svg.Value);
    }

    [Fact]
    public void Title_axes_ticks_and_legend_are_named()
    {
        string[] texts = Texts(Draw(Chart(LineSeries.OfEpochs("train", [0.1, 0.9]), LineSeries.OfEpochs("test", [0.2, 0.7])) with { XLabel = "epoch", YLabel = "accuracy", YFrom = 0, YTo = 1 }));
        Assert.All((string[])["Curves", "epoch", "accuracy", "train", "test", "0.0", "0.4", "1.0", "1", "2"], text => Assert.Contains(text, texts));
        Assert.DoesNotContain("1.5", texts);
    }

    [Fact]
    public void Names_are_escaped() => Assert.Contains("a < b & \"c\"", Texts(Draw(Chart(LineSeries.OfEpochs("a < b & \"c\"", [1, 2])))));

    [Fact]
    public void A_value_that_is_no_number_leaves_a_gap()
    {
        XElement svg = Draw(Chart(LineSeries.OfEpochs("loss", [3, 2, double.NaN, 1, double.PositiveInfinity])));
        string line = Elements(svg, "path").Last().Attribute("d")!.Value;
        Assert.Equal((2, 1), (line.Count(c => c == 'M'), line.Count(c => c == 'L')));
        Assert.Equal(3, Elements(svg, "circle").Count());
    }

    [Fact]
    public void Series_may_share_a_colour_and_be_dashed()
    {
        XElement svg = Draw(Chart(LineSeries.OfEpochs("train", [1, 2]), LineSeries.OfEpochs("test", [1, 2]) with { Colour = 0, Dashed = true }));
        Assert.Equal(["c0", "c0"], Elements(svg, "g").Select(g => g.Attribute("class")!.Value));
        Assert.Equal(2, Elements(svg, "path").Count(p => p.Attribute("class")!.Value.Contains("dashed")));
    }

    [Fact]
    public void A_long_legend_is_broken_into_rows_within_the_picture()
    {
        XElement svg = Draw(Chart([.. Enumerable.Range(0, 9).Select(i => LineSeries.OfEpochs($"a rather long name {i}", [i, i + 1]))]));
        XElement[] names = [.. Elements(svg, "text").Where(t => t.Attribute("class")?.Value == "name")];
        Assert.True(names.Select(n => Number(n, "y")).Distinct().Count() > 1);
        Assert.All(names, n => Assert.True(Number(n, "x") + 7 * n.Value.Length < 720));
    }

    [Fact]
    public void A_logarithmic_axis_has_equal_distances_for_equal_factors()
    {
        XElement svg = Draw(Chart(new LineSeries("loss", [(1e-5, 3), (1e-3, 2), (0.1, 1), (-1, 1), (0, 1)])) with { XLogarithmic = true });
        double[] x = [.. Elements(svg, "circle").Select(c => Number(c, "cx"))];
        Assert.Equal(3, x.Length);
        Assert.Equal(x[1] - x[0], x[2] - x[1], 0.2);
        Assert.All((string[])["1e-5", "1e-4", "0.001", "0.01", "0.1"], text => Assert.Contains(text, Texts(svg)));
    }

    [Fact]
    public void A_short_logarithmic_axis_has_ticks_between_powers_of_ten() =>
        Assert.Equal([(0.05, "0.05"), (0.1, "0.1"), (0.2, "0.2")], new LogarithmicAxis(0.04, 0.3).Ticks().Select(tick => (Math.Round(tick.Value, 9), tick.Label)));

    [Fact]
    public void Light_and_dark_have_colours_of_their_own() => Assert.Contains("prefers-color-scheme:dark", Chart(LineSeries.OfEpochs("a", [1])).ToSvg());

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        LineChart chart = Chart(LineSeries.OfEpochs("loss", [0.5, 1.25]));
        string expected = chart.ToSvg();
        CultureInfo before = CultureInfo.CurrentCulture, comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.Equal(expected, chart.ToSvg());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void What_cannot_be_drawn_is_an_error_that_names_the_chart()
    {
        LineChart chart = Chart(LineSeries.OfEpochs("a", [1]));
        Assert.All((LineChart[])[chart with { Series = [] }, chart with { Width = 10 }, chart with { YFrom = 1, YTo = 1 }],
            bad => Assert.Contains("Curves", Assert.Throws<ArgumentException>(bad.ToSvg).Message));
    }

    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.03, 2.4, "0.0 0.5 1.0 1.5 2.0 2.5")]
    [InlineData(-3, 1234, "-500 0 500 1,000 1,500")]
    [InlineData(0.91, 0.93, "0.910 0.915 0.920 0.925 0.930")]
    [InlineData(5, 5, "4.4 4.6 4.8 5.0 5.2 5.4 5.6")]
    public void Ticks_are_round_numbers_around_the_values(double low, double high, string expected) =>
        Assert.Equal(expected, string.Join(' ', ChartAxis.Around([low, high], 6, round: true).Ticks().Select(tick => tick.Label)));

    private static LineChart Chart(params LineSeries[] series) => new() { Title = "Curves", Series = series };

    private static XElement Draw(LineChart chart) => XElement.Parse(chart.ToSvg());

    private static IEnumerable<XElement> Elements(XElement svg, string name) => svg.Descendants().Where(e => e.Name.LocalName == name);

    private static string[] Texts(XElement svg) => [.. Elements(svg, "text").Select(t => t.Value)];

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
