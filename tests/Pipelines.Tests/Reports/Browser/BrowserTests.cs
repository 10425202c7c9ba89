using CnnTrainers.Pipelines.Reports;
using Microsoft.Playwright;

namespace CnnTrainers.Pipelines.Tests.Reports.Browser;

public sealed class BrowserTests(OpenedReports opened) : IClassFixture<OpenedReports>
{
    private const long MostBytes = 5_000_000;
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(3);

    public static TheoryData<string> Names => [.. OpenedReports.All.Keys];

    [Fact]
    public async Task What_is_wrong_with_a_page_is_seen()
    {
        File.WriteAllText(opened.PathOf("wrong"), """<!doctype html><html lang="en"><title>t</title><img src="missing.png"><p style="width:2000px">p</p><script>lost()</script></html>""");
        await using OpenedPage page = await opened.Open("wrong");
        Assert.Contains("lost is not defined", Assert.Single(page.Errors, e => !e.Contains("Failed to load resource")));
        Assert.Equal(["wrong.html", "missing.png"], page.Requests.Select(r => r.Split('/')[^1]));
        Assert.InRange(await page.Overflow(), 700, 800);
        Assert.StartsWith("image-alt: <img", Assert.Single(await page.Violations()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_console_stays_empty(string name) => Assert.All(await opened.Views(name), view => Assert.Empty(view.Errors));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nothing_is_asked_for_but_the_page_itself(string name) =>
        Assert.All(await opened.Views(name), view => Assert.Equal([new Uri(opened.PathOf(name)).AbsoluteUri], view.Requests));

    [Theory]
    [InlineData("training", "loss accuracy learning-rate speed confusion calibration")]
    [InlineData("comparison", "time size accuracy loss confusion calibration")]
    [InlineData("evaluation", "confusion calibration")]
    [InlineData("smallest", "loss accuracy confusion calibration")]
    [InlineData("stopped", "time size")]
    [InlineData("large", "loss accuracy learning-rate speed confusion calibration")]
    public async Task Every_chart_is_drawn_in_each_width_and_theme(string name, string charts) => Assert.All(await opened.Views(name), view =>
    {
        Assert.Equal(charts.Split(' ').Order(), view.Charts.Keys.Order());
        Assert.All(view.Charts, chart => Assert.True(chart.Value > 0, $"{chart.Key} is empty"));
    });

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_page_is_no_wider_than_the_screen(string name) => Assert.All(await opened.Views(name), view => Assert.True(view.Overflow <= 0, $"{view}"));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Axe_finds_nothing_serious(string name)
    {
        ReportView[] checkedViews = [.. (await opened.Views(name)).Where(v => v.Violations is not null)];
        Assert.Equal(2, checkedViews.Length);
        Assert.All(checkedViews, view => Assert.Empty(view.Violations!));
    }

    [Fact]
    public async Task Light_and_dark_follow_the_system() =>
        Assert.All(await opened.Views("training"), view => Assert.Equal(view.Theme is ColorScheme.Light, view.Background == "rgb(246, 247, 249)"));

    [Theory]
    [InlineData("training")]
    [InlineData("large")]
    public Task A_confusion_cell_tells_its_count_to_pointer_and_keys(string name) => opened.Use(name, async page =>
    {
        ReportEvaluation evaluation = OpenedReports.All[name].Evaluation!;
        int count = evaluation.Predictions.Count(p => p is { Label: 6, Predicted: 0 }), of = evaluation.Predictions.Count(p => p.Label == 6);
        string[] words = [$"True: {evaluation.ClassNames[6]}", $"Predicted: {evaluation.ClassNames[0]}", $"{count} of {of} ({Say.Percent((double)count / of)})"];
        Assert.True(count > 0);
        Assert.Equal(string.Join(", ", words), await ReadCell(page, name));
        ILocator tip = page.Chart("confusion").Locator(".tip");
        Assert.Equal(words, (await PointAtCell(page, name)).Split('\n'));
        await page.Page.Mouse.MoveAsync(0, 0);
        Assert.True(await tip.IsHiddenAsync());
    });

    [Fact]
    public Task Escape_hides_what_is_said_of_a_confusion_cell() => opened.Use("training", async page =>
    {
        await ReadCell(page, "training");
        ILocator tip = page.Chart("confusion").Locator(".tip");
        Assert.True(await tip.IsVisibleAsync());
        await page.Page.Keyboard.PressAsync("Escape");
        Assert.True(await tip.IsHiddenAsync());
    });

    [Fact]
    public Task Of_many_classes_those_with_most_mistakes_can_be_looked_at_alone() => opened.Use("large", async page =>
    {
        ILocator button = page.Page.Locator("figure > button");
        Assert.StartsWith("True: class number 199, Predicted: class number 199, ", await page.Read("confusion", "End"));
        await button.ClickAsync();
        Assert.Equal("true", await button.GetAttributeAsync("aria-pressed"));
        string? last = await page.Read("confusion", "End"), below = await page.Read("confusion", ["Home", .. Enumerable.Repeat("ArrowDown", 30)]);
        // The end is the same after 30 steps down from the start: there are fewer rows than that.
        Assert.Equal(last!.Split(", ")[0], below!.Split(", ")[0]);
    });

    [Fact]
    public Task Of_few_classes_all_are_looked_at() => opened.Use("training", async page => Assert.Equal(0, await page.Page.Locator("figure > button").CountAsync()));

    [Fact]
    public Task Arrow_keys_read_a_curve() => opened.Use("training", async page =>
    {
        string? read = await page.Read("loss", "ArrowRight", "ArrowRight");
        Assert.StartsWith("Epoch 2, training: ", read);
        Assert.Contains($"{SampleReports.Training.Epochs[1].TrainLoss:0.0000}", read);
    });

    [Fact]
    public Task Arrow_keys_read_the_models_from_the_cheapest_on() => opened.Use("comparison", async page =>
        Assert.StartsWith("lenet5, rate 0.05, batch 64, accuracy 84.1%, training time 24 s, at the front", await page.Read("time", "ArrowRight", "ArrowRight")));

    [Fact]
    public Task A_column_head_sorts_largest_first_then_smallest() => opened.Use("training", async page =>
    {
        ILocator table = page.Page.Locator("section > .card table[data-sortable]").First, head = table.Locator("thead th").Nth(1);
        double[] largest = await Sorted("descending"), smallest = await Sorted("ascending");
        Assert.Equal(10, largest.Length);
        Assert.Equal(largest.OrderDescending(), largest);
        Assert.Equal(largest.Order(), smallest);

        async Task<double[]> Sorted(string order)
        {
            await head.Locator("button").ClickAsync();
            Assert.Equal(order, await head.GetAttributeAsync("aria-sort"));
            return await table.EvaluateAsync<double[]>("table => [...table.tBodies[0].rows].map(row => row.cells[1].dataset.order).filter(Boolean).map(Number)");
        }
    });

    [Fact]
    public Task Names_with_markup_stay_text() => opened.Use("hostile", async page =>
    {
        Assert.Equal(SampleReports.Script, await page.Page.Locator("h1").TextContentAsync());
        Assert.False(await page.Page.EvaluateAsync<bool>("() => 'broken' in window"));
        Assert.Equal(0, await page.Page.Locator("main script, main img[onerror]").CountAsync());
        Assert.Contains($"Predicted: {SampleReports.Script}", await PointAtCell(page, "hostile"));
    });

    [Fact]
    public async Task Two_hundred_classes_and_20_000_predictions_open_quickly_from_a_small_file()
    {
        Assert.InRange(new FileInfo(opened.PathOf("large")).Length, 1, MostBytes);
        foreach ((int width, ColorScheme theme) in (IEnumerable<(int, ColorScheme)>)[(1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark)])
        {
            await using OpenedPage page = await opened.Open("large", width, theme);
            Assert.InRange(page.Opened, TimeSpan.Zero, _longest);
        }
    }

    [Fact]
    public Task Paper_is_light_and_has_every_chart_as_lines_and_the_screen_is_as_before() => opened.Use("large", ColorScheme.Dark, async page =>
    {
        await page.Page.EvaluateAsync("""
            () => addEventListener('beforeprint', () => {
              const canvases = [...document.querySelectorAll('.plot canvas')].filter(canvas => canvas.offsetWidth > 0);
              window.onPaper = `${document.documentElement.dataset.theme}, ${canvases.length} canvases`;
            })
            """);
        byte[] pdf = await page.Page.PdfAsync(new() { Format = PaperFormat.A4, PrintBackground = true });
        Assert.True(pdf.Length > 100_000);
        Assert.Equal("light, 0 canvases", await page.Page.EvaluateAsync<string>("() => window.onPaper"));
        Assert.False(await page.Page.EvaluateAsync<bool>("() => 'theme' in document.documentElement.dataset || document.documentElement.classList.contains('printing')"));
    });

    /// <summary>Goes to the cell of class 6, or the last, taken for class 0 by keys; a page has the classes in natural order.</summary>
    private static Task<string?> ReadCell(OpenedPage page, string name)
    {
        IReadOnlyList<string> names = OpenedReports.All[name].Evaluation!.ClassNames;
        string[] shown = [.. names.Order(NaturalOrder.Comparer)];
        return page.Read("confusion", ["Home", .. Enumerable.Repeat("ArrowDown", Array.IndexOf(shown, names[Math.Min(6, names.Count - 1)])), .. Enumerable.Repeat("ArrowRight", Array.IndexOf(shown, names[0]))]);
    }

    /// <summary>Goes to that cell by keys, which frame it, and then to the middle of the frame by the pointer alone.</summary>
    private static async Task<string> PointAtCell(OpenedPage page, string name)
    {
        ILocator chart = page.Chart("confusion");
        await chart.ScrollIntoViewIfNeededAsync();
        await ReadCell(page, name);
        LocatorBoundingBoxResult frame = (await chart.Locator(".frame").BoundingBoxAsync())!;
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.Mouse.MoveAsync(frame.X + frame.Width / 2, frame.Y + frame.Height / 2);
        return await chart.Locator(".tip").InnerTextAsync();
    }
}
