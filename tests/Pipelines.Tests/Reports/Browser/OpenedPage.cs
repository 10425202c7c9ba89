using System.Diagnostics;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CnnTrainers.Pipelines.Tests.Reports.Browser;

/// <summary>A report in the browser: what it says on the console, what it asks for, and what there is to see.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly List<string> _errors = [], _requests = [];

    private OpenedPage(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Errors and warnings on the console, and errors that nothing caught.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>What the page asked for beside the pictures that are in it.</summary>
    public IReadOnlyList<string> Requests => _requests;

    /// <summary>How long it took until all was painted.</summary>
    public TimeSpan Opened { get; private set; }

    public static async Task<OpenedPage> Open(IBrowser browser, string file, int width, ColorScheme theme)
    {
        IPage page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = theme });
        var opened = new OpenedPage(page);
        page.Console += (_, message) => { if (message.Type is "error" or "warning") opened._errors.Add(message.Text); };
        page.PageError += (_, error) => opened._errors.Add(error);
        page.Request += (_, request) => { if (!request.Url.StartsWith("data:", StringComparison.Ordinal)) opened._requests.Add(request.Url); };
        long started = Stopwatch.GetTimestamp();
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await page.EvaluateAsync("() => new Promise(painted => requestAnimationFrame(() => setTimeout(painted)))");
        opened.Opened = Stopwatch.GetElapsedTime(started);
        return opened;
    }

    /// <summary>
    /// Each place for a chart, and how much is drawn in it that is neither axis nor text: shapes of an SVG in colours of data, or painted pixels of a canvas.
    /// </summary>
    public Task<Dictionary<string, int>> Charts() => Page.EvaluateAsync<Dictionary<string, int>>("""
        () => {
          const probe = document.body.appendChild(document.createElement('span'));
          const colour = name => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
          const plain = ['none', 'rgba(0, 0, 0, 0)', ...['ink', 'quiet', 'line', 'card', 'back'].map(colour)];
          probe.remove();
          const isMark = path => {
            const { fill, stroke } = getComputedStyle(path);
            return !path.closest('defs') && path.getTotalLength() > 0 && !(plain.includes(fill) && plain.includes(stroke));
          };
          const marks = svg => [...svg.querySelectorAll('path')].filter(isMark).length;
          const painted = canvas => {
            const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
            return pixels.filter(pixel => pixel !== pixels[0]).length;
          };
          return Object.fromEntries([...document.querySelectorAll('[data-chart]')].map(place => {
            const canvas = place.querySelector('canvas');
            return [place.dataset.chart, canvas ? painted(canvas) : marks(place.querySelector('svg'))];
          }));
        }
        """);

    /// <summary>By how many pixels the page is wider than the screen.</summary>
    public Task<int> Overflow() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");

    public Task<string> Background() => Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    /// <summary>What axe finds that is serious or critical.</summary>
    public async Task<IReadOnlyList<string>> Violations()
    {
        AxeResult found = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        return [.. found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Nodes[0].Html}")];
    }

    public ILocator Chart(string name) => Page.Locator($"[data-chart={name}]");

    /// <summary>What is read out of a chart after some keys.</summary>
    public async Task<string?> Read(string chart, params IEnumerable<string> keys)
    {
        await Chart(chart).FocusAsync();
        foreach (string key in keys) await Page.Keyboard.PressAsync(key);
        return await Page.Locator($"[data-reading={chart}]").TextContentAsync();
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
