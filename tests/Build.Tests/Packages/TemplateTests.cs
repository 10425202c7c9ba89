using System.Diagnostics;
using System.Text.Json;

namespace CnnTrainers.Build.Tests.Packages;

[Collection(nameof(PackedProgram))]
public sealed class TemplateTests(PackedProgram packed) : IAsyncLifetime
{
    private readonly TemporaryFolder _templates = new();

    /// <summary>Installs them for these tests alone.</summary>
    public async ValueTask InitializeAsync() => await New("install", packed.Package("CnnTrainers.Templates"));

    public ValueTask DisposeAsync()
    {
        _templates.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_console_program_learns_from_a_folder_and_saves_its_model()
    {
        string project = await Make("cnn-console", "learn");

        string said = await DotNet.Run(packed.WithImages("for console"), "exec", Path.Combine(project, "out/learn.dll"), "flowers");

        Assert.Contains("accuracy on images that it has not seen: 1.000", said);
        Assert.Contains("saved model.zip, which says of dark/0.png: dark", said);
        Assert.True(File.Exists(packed.Folder["for console/model.zip"]));

        (int exit, said) = await DotNet.Try(packed.Folder.Path, "exec", Path.Combine(project, "out/learn.dll"), "nowhere");
        Assert.Equal(2, exit);
        Assert.StartsWith("Usage: ", said);
    }

    [Fact]
    public async Task The_service_says_what_images_show_and_what_is_wrong_with_others()
    {
        await packed.Trained;
        string project = await Make("cnn-web", "serve");
        var start = new ProcessStartInfo(DotNet.Program, ["exec", Path.Combine(project, "out/serve.dll"), "--model", Path.Combine(packed.Project, "flowers.zip"), "--urls", "http://127.0.0.1:0"])
            { RedirectStandardOutput = true };
        using var service = Process.Start(start)!;
        try
        {
            using var client = new HttpClient { BaseAddress = await Address(service) };

            var (status, answer) = await Predict(client, File.ReadAllBytes(Path.Combine(packed.Project, "flowers/light/0.png")));
            Assert.Equal(200, status);
            Assert.Equal("light", answer.GetProperty("class").GetString());
            Assert.Equal(1, answer.GetProperty("probabilities").EnumerateObject().Sum(one => one.Value.GetDouble()), 1e-4);

            (status, answer) = await Predict(client, [1, 2, 3]);
            Assert.Equal(400, status);
            Assert.NotEmpty(answer.GetProperty("error").GetString()!);
        }
        finally
        {
            service.Kill();
            await service.WaitForExitAsync();
        }
    }

    private Task<string> New(params string[] arguments) => DotNet.Run(packed.Folder.Path, ["new", .. arguments, "--debug:custom-hive", _templates.Path]);

    private async Task<string> Make(string template, string name)
    {
        await New(template, "-o", name, "--skipRestore");
        string project = packed.Folder[name];
        Assert.InRange(File.ReadAllLines(Path.Combine(project, "Program.cs")).Length, 20, 59);
        string said = await DotNet.Run(project, "build", "-nologo", "-tl:off", "-o", "out");
        Assert.Contains("0 Warning(s)", said);
        return project;
    }

    private static async Task<Uri> Address(Process service)
    {
        const string before = "Now listening on: ";
        while (await service.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(before, StringComparison.Ordinal) is var at and >= 0)
            {
                _ = service.StandardOutput.ReadToEndAsync();
                return new Uri(line[(at + before.Length)..]);
            }
        }
        throw new InvalidOperationException("The service ended before it listened.");
    }

    private static async Task<(int Status, JsonElement Answer)> Predict(HttpClient client, byte[] image)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(image), "image", "image.png" } };
        using HttpResponseMessage response = await client.PostAsync("/predict", form);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
