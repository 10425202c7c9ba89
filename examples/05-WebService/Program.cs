// A web service that says what images show. It serves what examples/01-FirstModel or `cnn train` saved; when the file is replaced,
// the next answer comes from the new model, without a restart.
//   dotnet run -c Release --project examples/05-WebService -- --model first-model.zip
//   curl -F image=@shoe.png http://localhost:5000/predict
using CnnTrainers.Pipelines;
using Microsoft.Extensions.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration["urls"] is null)
    builder.WebHost.UseUrls("http://localhost:5000");                                   // this machine alone, unless --urls says more
builder.Services.AddPredictionEnginePool<LabelledImage, Prediction>()
    .FromFile("", builder.Configuration["model"] ?? "first-model.zip", watchForChanges: true);
var app = builder.Build();
app.Services.GetRequiredService<PredictionEnginePool<LabelledImage, Prediction>>();     // a model that does not load stops it here
app.MapPost("/predict", Predict).DisableAntiforgery();                                  // no cookies, so nothing to forge
app.Run();

static async Task<IResult> Predict(IFormFile image, PredictionEnginePool<LabelledImage, Prediction> pool)
{
    string path = Path.GetTempFileName();                                               // the model begins with LoadImages
    var engine = pool.GetPredictionEngine();
    try
    {
        await using (var file = File.Create(path))
            await image.CopyToAsync(file);
        Prediction prediction = engine.Predict(new LabelledImage { ImagePath = path });
        VBuffer<ReadOnlyMemory<char>> classes = default;
        engine.OutputSchema["Score"].GetSlotNames(ref classes);
        var probabilities = classes.DenseValues().Zip(prediction.Score).ToDictionary(pair => pair.First.ToString(), pair => pair.Second);
        return Results.Ok(new { Class = prediction.PredictedLabel, Probabilities = probabilities });
    }
    catch (Exception error) when (error is ArgumentException or InvalidOperationException)
    {
        return Results.BadRequest(new { Error = "not an image that can be read" });
    }
    finally
    {
        pool.ReturnPredictionEngine(engine);
        File.Delete(path);
    }
}

internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";
    public float[] Score { get; set; } = [];
}
