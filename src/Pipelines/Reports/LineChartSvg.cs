using System.Globalization;
using System.Security;
using System.Text;

namespace CnnTrainers.Pipelines.Reports;

/// <summary>Draws a line chart: title, legend and axis names above, grid and lines below.</summary>
internal sealed class LineChartSvg
{
    private const int Left = 64, Right = 20, Bottom = 48, LegendRow = 22;

    // About the width of a letter at the legend's size: no font is measured.
    private const double Letter = 7;

    // Hues that stay apart for colour-blind readers (after Okabe and Ito), darker on white, lighter on black.
    private static readonly (string Light, string Dark)[] _colours =
        [("#0072b2", "#56b4e9"), ("#c44e00", "#ff9d5c"), ("#00795a", "#3ecf9f"), ("#a8457f", "#e79bc4"), ("#8a6d00", "#e6c229"), ("#5b5bd6", "#a5a5ff")];

    private readonly LineChart _chart;
    private readonly ChartAxis _x, _y;
    private readonly List<(LineSeries Series, double X, int Row)> _legend = [];
    private readonly double _top, _plotWidth, _plotHeight;
    private readonly StringBuilder _svg = new();

    public LineChartSvg(LineChart chart)
    {
        _chart = chart;
        IEnumerable<double> across = chart.Series.SelectMany(s => s.Points).Select(p => p.X);
        _x = chart.XLogarithmic ? LogarithmicAxis.Around(across) : ChartAxis.Around(across, 8, round: false);
        _y = ChartAxis.Around(chart.Series.SelectMany(s => s.Points).Select(p => p.Y), 6, round: true, chart.YFrom, chart.YTo);
        int rows = LayOutLegend();
        _top = 44 + rows * LegendRow + (chart.YLabel.Length > 0 ? 24 : 8);
        (_plotWidth, _plotHeight) = (chart.Width - Left - Right, Math.Max(20, chart.Height - _top - Bottom));
    }

    public string Draw()
    {
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" class="line-chart" viewBox="0 0 {_chart.Width} {_chart.Height}" width="{_chart.Width}" height="{_chart.Height}" role="img" aria-label="{Text(_chart.Title)}">""");
        Add($"<style>{Style()}</style>");
        Add($"""<rect class="back" width="{_chart.Width}" height="{_chart.Height}"/>""");
        Add($"""<text class="title" x="{Left}" y="30">{Text(_chart.Title)}</text>""");
        DrawLegend();
        DrawAxes();
        for (int at = 0; at < _chart.Series.Count; at++) DrawSeries(_chart.Series[at], ColourOf(at));
        Add($"</svg>");
        return _svg.ToString();
    }

    // Without CSS variables, which programs other than browsers do not know; these show the light colours.
    private static string Style()
    {
        string light = Mode("#ffffff", "#1f2328", "#59636e", "#d8dee4", c => c.Light), dark = Mode("#14171c", "#e6edf3", "#9aa4af", "#30363d", c => c.Dark);
        return $".line-chart{{font:13px system-ui,sans-serif}}{light}@media(prefers-color-scheme:dark){{{dark}}}" +
            ".line-chart .title{font-size:16px;font-weight:600}.line-chart .line{fill:none;stroke-width:2;stroke-linejoin:round}.line-chart .dashed{stroke-dasharray:6 4}";

        static string Mode(string back, string ink, string faint, string grid, Func<(string Light, string Dark), string> colour) =>
            $".line-chart .back{{fill:{back}}}.line-chart text{{fill:{faint}}}.line-chart .title,.line-chart .name{{fill:{ink}}}" +
            $".line-chart .grid{{stroke:{grid}}}.line-chart .axis{{stroke:{faint}}}" +
            string.Concat(_colours.Select((c, at) => $".line-chart .c{at}{{stroke:{colour(c)};fill:{colour(c)}}}"));
    }

    private int LayOutLegend()
    {
        double x = Left;
        int row = 0;
        foreach (LineSeries series in _chart.Series)
        {
            double width = 34 + Letter * series.Name.Length + 16;
            if (x > Left && x + width > _chart.Width - Right) (x, row) = (Left, row + 1);
            _legend.Add((series, x, row));
            x += width;
        }
        return row + 1;
    }

    private void DrawLegend()
    {
        for (int at = 0; at < _legend.Count; at++)
        {
            var (series, x, row) = _legend[at];
            double y = 50 + row * LegendRow;
            Add($"""<path class="line{Dashed(series)} c{ColourOf(at)}" d="M{x} {y}h26"/><text class="name" x="{x + 34}" y="{y + 4}">{Text(series.Name)}</text>""");
        }
    }

    private void DrawAxes()
    {
        double bottom = _top + _plotHeight, right = Left + _plotWidth;
        foreach (var (value, label) in _y.Ticks())
            Add($"""<path class="grid" d="M{Left} {Y(value)}H{right}"/><text x="{Left - 8}" y="{Y(value) + 4}" text-anchor="end">{label}</text>""");
        foreach (var (value, label) in _x.Ticks())
            Add($"""<path class="axis" d="M{X(value)} {bottom}v5"/><text x="{X(value)}" y="{bottom + 19}" text-anchor="middle">{label}</text>""");
        Add($"""<path class="axis" d="M{Left} {bottom}H{right}"/>""");
        if (_chart.YLabel.Length > 0) Add($"""<text x="{Left}" y="{_top - 10}">{Text(_chart.YLabel)}</text>""");
        if (_chart.XLabel.Length > 0) Add($"""<text x="{Left + _plotWidth / 2}" y="{_chart.Height - 8}" text-anchor="middle">{Text(_chart.XLabel)}</text>""");
    }

    private void DrawSeries(LineSeries series, int colour)
    {
        var path = new StringBuilder();
        bool drawing = false;
        foreach (var (x, y) in series.Points)
        {
            bool inside = IsInside(x, y);
            if (inside) path.Append(CultureInfo.InvariantCulture, $"{(drawing ? 'L' : 'M')}{X(x)} {Y(y)}");
            drawing = inside;
        }
        Add($"""<g class="c{colour}"><path class="line{Dashed(series)}" d="{path}"/>""");
        // Single points would not be seen otherwise, and a pointer over them shows their values.
        foreach (var (x, y) in series.Points.Where(p => IsInside(p.X, p.Y)))
            Add($"""<circle cx="{X(x)}" cy="{Y(y)}" r="3"><title>{Text(series.Name)}: {(_chart.XLogarithmic ? x.ToString("G3", CultureInfo.InvariantCulture) : x.ToString("0.###", CultureInfo.InvariantCulture))}, {y:0.####}</title></circle>""");
        Add($"</g>");
    }

    private bool IsInside(double x, double y) => double.IsFinite(_x.Place(x)) && double.IsFinite(y) && _y.Place(y) is >= -1e-9 and <= 1 + 1e-9;

    private int ColourOf(int at) => Math.Abs(_chart.Series[at].Colour ?? at) % _colours.Length;

    private static string Dashed(LineSeries series) => series.Dashed ? " dashed" : "";

    private double X(double value) => Math.Round(Left + _x.Place(value) * _plotWidth, 1);

    private double Y(double value) => Math.Round(_top + (1 - _y.Place(value)) * _plotHeight, 1);

    private static string Text(string text) => SecurityElement.Escape(text);

    private void Add(FormattableString line) => _svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
