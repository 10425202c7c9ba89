using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Tests.Serving;

[Collection(ServeFixture.Name)]
public sealed class ServeTests(ServeFixture fixture)
{
    private ServedTool Served => fixture.Served;

    [Fact]
    public async Task Bytes_and_forms_of_files_get_what_cnn_predict_says()
    {
        JsonElement expected = Tool.Run("predict", fixture.Files.Model, fixture.Red, fixture.Blue, "--top", "3", "--json").Json;
        JsonElement bytes = await ServedTool.Json(await Served.Post("/predict?top=3", File.ReadAllBytes(fixture.Red)));
        JsonElement form = await ServedTool.Json(await Served.PostFiles("/predict?top=3", fixture.Red, fixture.Blue));
        Assert.Equal([Words(expected[0])], Predictions(bytes));
        Assert.Equal([Words(expected[0]), Words(expected[1])], Predictions(form));
        Assert.Equal(["00.png", "01.jpg"], form.GetProperty("predictions").EnumerateArray().Select(one => one.GetProperty("image").GetString()));
    }

    [Fact]
    public async Task Requests_at_the_same_time_get_their_own_answers()
    {
        string[] files = [.. Directory.EnumerateFiles(fixture.Files.Images, "*", SearchOption.AllDirectories)];
        JsonElement[] expected = [.. Tool.Run(["predict", fixture.Files.Model, .. files, "--top", "3", "--json"]).Json.EnumerateArray()];
        string[][] answers = await Task.WhenAll(files.Concat(files).Select(async file => Predictions(await ServedTool.Json(await Served.PostFiles("/predict?top=3", file)))));
        Assert.Equal(expected.Concat(expected).Select(Words), answers.SelectMany(one => one));
    }

    [Fact]
    public async Task Features_are_those_of_cnn_embed()
    {
        string file = Path.Combine(fixture.Files.Root, "features.csv");
        Assert.Equal(0, Tool.Run("embed", fixture.Files.Model, fixture.Red, "--out", file).ExitCode);
        float[] expected = [.. File.ReadLines(file).Last().Split(',').Skip(1).Select(text => float.Parse(text, CultureInfo.InvariantCulture))];
        JsonElement answer = await ServedTool.Json(await Served.Post("/features", File.ReadAllBytes(fixture.Red)));
        float[] values = [.. answer.GetProperty("features")[0].GetProperty("values").EnumerateArray().Select(value => value.GetSingle())];
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public async Task Evidence_for_a_class_comes_as_a_picture()
    {
        HttpResponseMessage answer = await Served.Post("/explain?class=green", File.ReadAllBytes(fixture.Red));
        string file = Path.Combine(fixture.Files.Root, "evidence.png");
        File.WriteAllBytes(file, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(("image/png", "green"), (answer.Content.Headers.ContentType!.MediaType, answer.Headers.GetValues("X-Class").Single()));
        using MLImage picture = MLImage.CreateFromFile(file);
        Assert.Equal((224, 224), (picture.Width, picture.Height));
        Assert.Contains("purple", await ServedTool.Problem(400, await Served.Post("/explain?class=purple", File.ReadAllBytes(fixture.Red))));
        Assert.Contains("one image", await ServedTool.Problem(413, await Served.PostFiles("/explain", fixture.Red, fixture.Blue)));
    }

    [Fact]
    public async Task The_model_its_health_and_its_counts_can_be_asked_for()
    {
        await ServedTool.Json(await Served.Post("/predict", File.ReadAllBytes(fixture.Red)));
        JsonElement model = await Served.Get("/model"), health = await Served.Get("/health");
        Assert.Equal(("lenet5", 32, 3, 100_000), (model.GetProperty("architecture").GetString(), model.GetProperty("image").GetProperty("width").GetInt32(),
            model.GetProperty("classes").GetArrayLength(), model.GetProperty("limits").GetProperty("imageBytes").GetInt32()));
        Assert.Equal(("ok", model.GetProperty("model").GetString()), (health.GetProperty("status").GetString(), health.GetProperty("model").GetString()));
        string counts = await Served.Http.GetStringAsync("/metrics");
        Assert.Matches(@"(?m)^cnn_requests_total\{endpoint=""/predict"",status=""200""\} [1-9]", counts);
        Assert.Matches(@"(?m)^cnn_images_total [1-9]", counts);
        Assert.Matches(@"(?m)^cnn_model_info\{model=""[0-9a-f]{12}"",architecture=""lenet5""\} 1$", counts);
        Assert.Matches(@"(?m)^cnn_queue_images 0$", counts);
    }

    [Fact]
    public async Task The_OpenAPI_document_has_every_endpoint_and_what_they_take_and_give()
    {
        JsonElement document = await Served.Get("/openapi.json"), paths = document.GetProperty("paths");
        Assert.Equal(["/explain", "/features", "/health", "/metrics", "/model", "/predict"], paths.EnumerateObject().Select(path => path.Name).Order());
        JsonElement predict = paths.GetProperty("/predict").GetProperty("post");
        Assert.Equal(["application/octet-stream", "image/*", "multipart/form-data"], predict.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(type => type.Name).Order());
        Assert.Equal(["200", "400", "401", "408", "413", "415", "422", "503"], predict.GetProperty("responses").EnumerateObject().Select(status => status.Name).Order());
        Assert.True(document.GetProperty("components").GetProperty("schemas").GetProperty("PredictAnswer").GetProperty("properties").TryGetProperty("predictions", out _));
    }

    [Theory]
    [InlineData("some words", 415, "text, not an image")]
    [InlineData("II*\0 a TIFF file", 415, "TIFF")]
    [InlineData("", 400, "empty")]
    public async Task What_is_no_image_is_refused(string body, int status, string expected) =>
        Assert.Contains(expected, await ServedTool.Problem(status, await Served.Post("/predict", [.. body.Select(c => (byte)c)])));

    [Fact]
    public async Task A_damaged_image_is_refused_by_its_name()
    {
        string cut = Path.Combine(fixture.Files.Root, "cut.png");
        File.WriteAllBytes(cut, File.ReadAllBytes(fixture.Red)[..300]);
        Assert.Contains("ends early", await ServedTool.Problem(422, await Served.Post("/predict", File.ReadAllBytes(cut))));
        Assert.StartsWith("'cut.png': ", await ServedTool.Problem(422, await Served.PostFiles("/predict", fixture.Red, cut, fixture.Blue)));
        // The whole one before it may still be on its way through the network.
        for (int look = 0; !(await Served.Http.GetStringAsync("/metrics")).Contains("\ncnn_queue_images 0\n"); look++)
        {
            Assert.True(look < 100, "a place in the queue was not given back");
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task What_is_too_large_or_too_many_is_refused()
    {
        Assert.Contains("100000 bytes", await ServedTool.Problem(413, await Served.Post("/predict", new byte[100_001])));
        Assert.Contains("4 images", await ServedTool.Problem(413, await Served.PostFiles("/predict", Enumerable.Repeat(fixture.Red, 5))));
        // As curl does: what is too large is not sent at all.
        var larger = new HttpRequestMessage(HttpMethod.Post, "/predict") { Content = new ByteArrayContent(new byte[400_001]), Headers = { ExpectContinue = true } };
        await ServedTool.Problem(413, await Served.Http.SendAsync(larger));
        string wide = Path.Combine(fixture.Files.Root, "wide.png");
        using (var image = MLImage.CreateFromPixels(1000, 311, MLPixelFormat.Rgba32, new byte[4 * 1000 * 311])) image.Save(wide);
        Assert.Contains("1000×311", await ServedTool.Problem(413, await Served.PostFiles("/predict", wide)));
    }

    [Fact]
    public async Task Wrong_requests_are_told_what_was_expected()
    {
        Assert.Contains("top", await ServedTool.Problem(400, await Served.Post("/predict?top=many", File.ReadAllBytes(fixture.Red))));
        Assert.Contains("at least 1", await ServedTool.Problem(400, await Served.Post("/predict?top=0", File.ReadAllBytes(fixture.Red))));
        var words = new MultipartFormDataContent { { new StringContent("a"), "note" } };
        Assert.Contains("'note'", await ServedTool.Problem(400, await Served.Http.PostAsync("/predict", words)));
        Assert.Contains("no file", await ServedTool.Problem(400, await Served.Http.PostAsync("/predict", new MultipartFormDataContent())));
        Assert.Contains("/nothing", await ServedTool.Problem(404, await Served.Http.GetAsync("/nothing")));
        await ServedTool.Problem(405, await Served.Http.GetAsync("/predict"));
        Assert.Contains("boundary", await ServedTool.Problem(400, await Served.Post("/predict", [1], "multipart/form-data")));
    }

    private static string[] Predictions(JsonElement answer) => [.. answer.GetProperty("predictions").EnumerateArray().Select(Words)];

    private static string Words(JsonElement one) => string.Join(' ', one.GetProperty("classes").EnumerateArray()
        .Select(c => FormattableString.Invariant($"{c.GetProperty("class").GetString()} {c.GetProperty("probability").GetSingle():0.000}")));
}
