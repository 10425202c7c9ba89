using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Serving.Tests;

/// <summary>examples/05-WebService, run as a program.</summary>
public sealed class WebServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnn_web_").FullName;

    public static string Program { get; } = FindProgram();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AnUploadedImageComesBackAsClassProbabilities()
    {
        var expected = TrainOnFiles(out string model, out string picture);
        using var program = Start(model);
        try
        {
            using var client = new HttpClient { BaseAddress = AddressOf(program) };
            using HttpResponseMessage response = await Post(client, await File.ReadAllBytesAsync(picture));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Reply reply = (await response.Content.ReadFromJsonAsync<Reply>())!;
            Assert.Equal(["bright", "dark"], reply.Probabilities.Keys);
            Assert.Equal(expected, reply.Probabilities.Values);
            Assert.Equal(reply.Probabilities.MaxBy(pair => pair.Value).Key, reply.Class);
            using HttpResponseMessage bad = await Post(client, [1, 2, 3]);
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        }
        finally
        {
            program.Kill();
            program.WaitForExit();
        }
    }

    private static Task<HttpResponseMessage> Post(HttpClient client, byte[] image)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(image), "image", "picture.png" } };
        return client.PostAsync("/predict", form);
    }

    private static Process Start(string model)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, "--model", model, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true };
        return Process.Start(start)!;
    }

    // .../bin/Serving.Tests/release/ beside .../bin/05-WebService/release/
    private static string FindProgram()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "05-WebService", own.Name, "WebService.dll");
    }

    private static Uri AddressOf(Process program)
    {
        const string Before = "Now listening on: ";
        while (program.StandardOutput.ReadLine() is string line)
            if (line.IndexOf(Before, StringComparison.Ordinal) is var at and >= 0)
            {
                // Read on, so that the service never waits for room in the pipe.
                _ = program.StandardOutput.ReadToEndAsync();
                return new Uri(line[(at + Before.Length)..].Trim());
            }
        throw new InvalidOperationException("The service ended before it listened.");
    }

    /// <summary>The probabilities of one of the pictures.</summary>
    private float[] TrainOnFiles(out string model, out string picture)
    {
        var files = Enumerable.Range(0, 16).Select(Save).ToList();
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(files);
        var options = new CnnTrainerOptions { FeatureColumnName = "Pixels", Epochs = 2, BatchSize = 8, Seed = 1 };
        using var fitted = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", null, "ImagePath"))
            .Append(ml.Transforms.ResizeImages("Image", 28, 28))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Append(ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        (model, picture) = (Path.Combine(_folder, "model.zip"), files[3].ImagePath);
        ml.Model.Save(fitted, data.Schema, model);
        using var engine = ml.Model.CreatePredictionEngine<LabelledImage, Answer>(ml.Model.Load(model, out _));
        return engine.Predict(files[3]).Score;
    }

    private LabelledImage Save(int index)
    {
        bool bright = index % 2 == 0;
        var random = new Random(index);
        byte[] pixels = [.. Enumerable.Range(0, 32 * 32 * 4).Select(i => i % 4 == 3 ? (byte)255 : (byte)(random.Next(100) + (bright ? 155 : 0)))];
        string path = Path.Combine(_folder, $"{index}.png");
        using var image = MLImage.CreateFromPixels(32, 32, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
        return new LabelledImage { ImagePath = path, Label = bright ? "bright" : "dark" };
    }

    private sealed record Reply(string Class, Dictionary<string, float> Probabilities);
}
