using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CnnTrainers.Pipelines.Reports;

/// <summary>The page: its sections, the style, the script that draws the charts, and the data for it.</summary>
internal static class ReportPage
{
    // The default encoder writes <, >, & and quotes as escapes: the data cannot end the element that it stands in.
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes the page.</summary>
    public static void Write(TextWriter to, Report report, CancellationToken cancellationToken)
    {
        List<Section> sections = Sections(report);
        cancellationToken.ThrowIfCancellationRequested();
        string script = Resource("page.min.js"), style = Resource("page.min.css");
        to.Write(Head(report, script, style));
        to.Write(Markup.Of($"""
            <body>
            <a class="skip" href="#summary">Skip to the summary</a>
            <header class="top">
            <div class="bar"><nav aria-label="Sections"><ul>{Markup.Join(sections.Select(s => Markup.Of($"<li><a href=\"#{s.Id}\">{s.Short}</a></li>")))}</ul></nav>
            <div class="tools" hidden><button type="button" data-theme-switch></button><button type="button" data-print>Print</button></div></div>
            </header>
            <main>
            <div class="title"><p class="quiet">{Kind(report)} · <time datetime="{report.Date:yyyy-MM-ddTHH:mm:sszzz}">{report.Date:d MMMM yyyy, HH:mm}</time></p>
            <h1>{report.Title}</h1></div>

            """));
        foreach (Section section in sections)
        {
            cancellationToken.ThrowIfCancellationRequested();
            to.Write(section.ToHtml());
        }
        to.Write(Foot(sections.SelectMany(s => s.Charts), script));
    }

    private static List<Section> Sections(Report report)
    {
        if (report is CheckReport check) return [.. CheckSections.Of(check).Append(FactsSection.Of(report)).OfType<Section>()];
        if (report is SimilarReport similar) return [.. SimilarSections.Of(similar), .. new[] { FactsSection.Of(report) }.OfType<Section>()];
        EvaluationFigures? figures = report.Evaluation is { Predictions.Count: > 0 } evaluation ? new EvaluationFigures(evaluation) : null;
        IEnumerable<Section?> sections =
        [
            SummarySection.Of(report, figures),
            report is ComparisonReport comparison ? LeaderboardSection.Of(comparison) : null,
            report switch { TrainingReport t => CurvesSection.Of(t), ComparisonReport c => TrialCurvesSection.Of(c), _ => null },
            .. figures is null ? Array.Empty<Section?>() :
                [ConfusionSection.Of(figures), ClassesSection.Of(figures), CalibrationSection.Of(figures), PicturesSection.Of(figures)],
            PicturesSection.Samples(report.Samples),
            FactsSection.Of(report),
        ];
        return [.. sections.OfType<Section>()];
    }

    private static string Kind(Report report) => report switch { ComparisonReport => "Comparison of models", CheckReport => "Check of a data set", SimilarReport => "Similar images", _ => "Report of a model" };

    // Only the script of this page runs, whatever a name may smuggle in; nothing is fetched from anywhere.
    private static Markup Head(Report report, string script, string style) => Markup.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-{new Markup(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script))))}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{report.Title}</title>
        <style>{new Markup(style)}</style>
        </head>

        """);

    private static Markup Foot(IEnumerable<(string Name, object Data)> charts, string script) => Markup.Of($"""
        </main>
        <footer><p class="quiet">Made by CnnTrainers {Version()}. This page needs no network: everything in it is in this file.</p>
        <details><summary>Licences of the chart library in this page</summary><pre class="licences" tabindex="0" role="region" aria-label="Licences">{Resource("licences.txt")}</pre></details></footer>
        <script type="application/json" id="charts">{new Markup(JsonSerializer.Serialize(charts.ToDictionary(c => c.Name, c => c.Data), _json))}</script>
        <script>{new Markup(script)}</script>
        </body>
        </html>

        """);

    private static string Version() =>
        typeof(ReportPage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static string Resource(string name)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
