using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CnnTrainers.Cli.Tests.Serving;

/// <summary>The page in Debian's Chromium; the environment variable CHROMIUM names another. CNN_SCREENSHOTS names a folder for pictures of it.</summary>
[Collection(ServeFixture.Name)]
public sealed class PageTests(ServeFixture fixture) : IAsyncLifetime
{
    // Nothing that would call home; a camera that films a test picture, and nobody who has to allow it.
    private static readonly string[] _arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    ];

    private readonly List<string> _errors = [], _requests = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = _arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Pictures_get_their_classes_and_the_evidence_in_each_width_and_theme(int width, ColorScheme theme)
    {
        IPage page = await Open(width, theme);
        Assert.Contains("lenet5", await page.Locator("#about").TextContentAsync());
        await page.SetInputFilesAsync("#files", [fixture.Red, fixture.Blue]);
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.bars button').length === 6");
        Assert.Equal(["red", "blue"], (await page.Locator(".says").AllTextContentsAsync()).Select(text => text.Split(',')[0]));
        await page.Locator(".bars button").First.ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('.card img').alt.includes('evidence for red')");
        Assert.Equal(224, await page.EvaluateAsync<int>("async () => { const image = document.querySelector('.card img'); await image.decode(); return image.naturalWidth; }"));
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") <= 0);
        AxeResult found = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        Assert.Empty(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Nodes[0].Html}"));
        Assert.Empty(_errors);
        Assert.All(_requests, url => Assert.StartsWith(fixture.Served.Address.AbsoluteUri, url));
        if (Environment.GetEnvironmentVariable("CNN_SCREENSHOTS") is { } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"serve-{width}-{theme}.png".ToLowerInvariant()), FullPage = true });
    }

    [Fact]
    public async Task All_goes_by_keys()
    {
        IPage page = await Open();
        await page.SetInputFilesAsync("#files", [fixture.Red]);
        ILocator bar = page.Locator(".bars button").First;
        await bar.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('.card img').alt.includes('evidence')");
        Assert.Equal("true", await bar.GetAttributeAsync("aria-pressed"));
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(("false", "00.png"), (await bar.GetAttributeAsync("aria-pressed"), await page.Locator(".card img").GetAttributeAsync("alt")));
        await page.Locator(".remove").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal((0, "choose"), (await page.Locator(".card").CountAsync(), await page.EvaluateAsync<string>("() => document.activeElement.id")));
    }

    [Fact]
    public async Task Pictures_can_be_dropped_pasted_and_taken()
    {
        IPage page = await Open();
        await page.EvaluateAsync("""
            async base64 => {
              const file = name => new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name, { type: 'image/png' });
              const data = name => { const all = new DataTransfer(); all.items.add(file(name)); return all; };
              document.getElementById('drop').dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer: data('dropped.png') }));
              document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data('pasted.png') }));
            }
            """, Convert.ToBase64String(File.ReadAllBytes(fixture.Red)));
        await page.ClickAsync("#camera");
        await page.ClickAsync("#take");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.card').length === 3");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.bars button').length + 3 * document.querySelectorAll('.fault:not([hidden])').length === 9");
        Assert.Empty(await page.Locator(".says.fault").AllTextContentsAsync());
        Assert.Equal(["camera.jpg", "pasted.png", "dropped.png"], await page.Locator("figcaption").AllTextContentsAsync());
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task What_is_wrong_with_a_picture_is_said_beside_it()
    {
        IPage page = await Open();
        string cut = Path.Combine(fixture.Files.Root, "half.png");
        File.WriteAllBytes(cut, File.ReadAllBytes(fixture.Red)[..300]);
        await page.SetInputFilesAsync("#files", [cut, fixture.Red]);
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.bars button').length === 3 && document.querySelector('.says.fault')");
        Assert.Contains("ends early", await page.Locator(".says.fault").TextContentAsync());
    }

    [Fact]
    public async Task A_service_with_a_key_asks_for_it_once()
    {
        using ServedTool served = ServedTool.Start(fixture.Files.Model, "--key", "secret");
        IPage page = await Open(address: served.Address, isReady: false);
        await page.FillAsync("#key", "wrong");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#key-fault:visible");
        await page.FillAsync("#key", "secret");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#facts dd");
        await page.SetInputFilesAsync("#files", [fixture.Red]);
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.bars button').length === 3");
    }

    private async Task<IPage> Open(int width = 1280, ColorScheme theme = ColorScheme.Light, Uri? address = null, bool isReady = true)
    {
        IPage page = await _browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = theme });
        page.Console += (_, message) => { if (message.Type is "error" or "warning") _errors.Add(message.Text); };
        page.PageError += (_, error) => _errors.Add(error);
        page.Request += (_, request) => { if (request.Url.StartsWith("http", StringComparison.Ordinal)) _requests.Add(request.Url); };
        await page.GotoAsync((address ?? fixture.Served.Address).AbsoluteUri);
        if (isReady) await page.WaitForSelectorAsync("#facts dd");
        return page;
    }
}
