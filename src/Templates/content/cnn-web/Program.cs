// Says what images show. It serves a model that cnn-console, `cnn train` or a program of yours has saved:
//   dotnet run -c Release -- --model model.zip
//   curl -F image=@some.jpg http://localhost:5000/predict
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

var builder = WebApplication.CreateBuilder(args);
string file = Path.GetFullPath(builder.Configuration["model"] ?? "model.zip");
if (!File.Exists(file))
{
    Console.Error.WriteLine($"There is no model {file}. Give one: dotnet run -c Release -- --model FILE");
    return 2;
}
var ml = new MLContext();
ITransformer model = ml.Model.Load(file, out _);
// An engine is for one thread at a time; all of them share the network.
var engines = new ThreadLocal<PredictionEngine<LabelledImage, Prediction>>(
    () => ml.Model.CreatePredictionEngine<LabelledImage, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false }));
VBuffer<ReadOnlyMemory<char>> names = default;
engines.Value!.OutputSchema["Score"].GetSlotNames(ref names);
string[] classes = [.. names.DenseValues().Select(name => name.ToString())];

builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 10_000_000);
var app = builder.Build();
app.MapGet("/", () => new { Model = Path.GetFileName(file), Classes = classes });
app.MapPost("/predict", async (IFormFile image) =>
{
    string path = Path.GetTempFileName();                                       // the model begins with LoadPixels, which reads files
    try
    {
        await using (var copy = File.Create(path))
            await image.CopyToAsync(copy);
        return ImageFile.Fault(path) is string fault ? Results.BadRequest(new { Error = fault }) : Results.Ok(Predict(path));
    }
    finally
    {
        File.Delete(path);
    }
}).DisableAntiforgery();
app.Run();
return 0;

object Predict(string path)
{
    Prediction prediction = engines.Value!.Predict(new LabelledImage { ImagePath = path });
    return new { Class = prediction.PredictedLabel, Probabilities = classes.Zip(prediction.Score).ToDictionary(pair => pair.First, pair => pair.Second) };
}

internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";
    public float[] Score { get; set; } = [];
}
