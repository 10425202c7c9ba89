using CnnTrainers.Pipelines.Reports;
using Microsoft.Playwright;

namespace CnnTrainers.Pipelines.Tests.Reports.Browser;

/// <summary>
/// The sample reports in Debian's Chromium; the environment variable CHROMIUM names another. Each is looked at once in each width and theme.
/// The environment variable CNN_SCREENSHOTS names a folder for pictures.
/// </summary>
public sealed class OpenedReports : IAsyncLifetime
{
    // Nothing that would call home.
    private static readonly string[] _arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, IReadOnlyList<ReportView>> _views = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The reports by their names.</summary>
    public static IReadOnlyDictionary<string, Report> All { get; } = new Dictionary<string, Report>
    {
        ["training"] = SampleReports.Training,
        ["comparison"] = SampleReports.Comparison,
        ["evaluation"] = SampleReports.EvaluationOnly,
        ["hostile"] = SampleReports.Hostile,
        ["smallest"] = SampleReports.Smallest,
        ["stopped"] = SampleReports.Stopped,
        ["large"] = SampleReports.Large,
        ["check"] = SampleReports.Check,
        ["similar"] = SampleReports.Similar,
    };

    public async ValueTask InitializeAsync()
    {
        foreach (var (name, report) in All) HtmlReport.Write(PathOf(name), report);
        _playwright = await Playwright.CreateAsync();
        string program = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = _arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
        _folder.Dispose();
    }

    /// <summary>The file of a report.</summary>
    public string PathOf(string name) => Path.Combine(_folder.Path, $"{name}.html");

    internal Task<OpenedPage> Open(string name, int width = 1280, ColorScheme theme = ColorScheme.Light) => OpenedPage.Open(_browser!, PathOf(name), width, theme);

    /// <summary>Opens a report, does something with it, and sees that the console has stayed empty.</summary>
    internal async Task Use(string name, ColorScheme theme, Func<OpenedPage, Task> use)
    {
        await using OpenedPage page = await Open(name, theme: theme);
        await use(page);
        Assert.Empty(page.Errors);
    }

    /// <inheritdoc cref="Use(string, ColorScheme, Func{OpenedPage, Task})"/>
    internal Task Use(string name, Func<OpenedPage, Task> use) => Use(name, ColorScheme.Light, use);

    /// <summary>What is seen of a report in each width and theme.</summary>
    internal async Task<IReadOnlyList<ReportView>> Views(string name)
    {
        if (_views.TryGetValue(name, out IReadOnlyList<ReportView>? seen)) return seen;
        return _views[name] = await Task.WhenAll(from width in (int[])[1280, 390] from theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark] select View(name, width, theme));
    }

    private async Task<ReportView> View(string name, int width, ColorScheme theme)
    {
        await using OpenedPage page = await Open(name, width, theme);
        if (Environment.GetEnvironmentVariable("CNN_SCREENSHOTS") is { } folder)
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}-{theme}.png".ToLowerInvariant()), FullPage = true });
        var view = new ReportView(width, theme, await page.Charts(), await page.Overflow(), await page.Background(), page.Errors, page.Requests);
        // Once wide and once narrow, once light and once dark: axe is the slow part.
        return width > 1000 == (theme is ColorScheme.Light) ? view with { Violations = await page.Violations() } : view;
    }
}

/// <summary>What is seen of a report at one width and in one theme.</summary>
/// <param name="Width">Of the screen, in pixels.</param>
/// <param name="Theme">Light or dark, as the system says.</param>
/// <param name="Charts">How much is drawn in each chart.</param>
/// <param name="Overflow">By how many pixels the page is wider than the screen.</param>
/// <param name="Background">The colour behind all.</param>
/// <param name="Errors">What stood on the console.</param>
/// <param name="Requests">What was asked for.</param>
internal sealed record ReportView(
    int Width, ColorScheme Theme, IReadOnlyDictionary<string, int> Charts, int Overflow, string Background, IReadOnlyList<string> Errors, IReadOnlyList<string> Requests)
{
    /// <summary>What axe finds; null where it was not asked.</summary>
    public IReadOnlyList<string>? Violations { get; init; }
}
