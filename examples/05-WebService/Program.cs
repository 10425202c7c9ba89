// A web service that says what images show. It serves what examples/01-FirstModel or `cnn train` saved; when the file is replaced,
// answers soon come from the new model, without a restart.
//   dotnet run -c Release --project examples/05-WebService -- --model first-model.zip
//   curl -F image=@shoe.png http://localhost:5000/predict
using CnnTrainers.Pipelines;
using Microsoft.ML.Data;
using SkiaSharp;

const long MaxBytes = 10_000_000, MaxPixels = 50_000_000;

var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration["urls"] is null)
    builder.WebHost.UseUrls("http://localhost:5000");                                   // this machine alone, unless --urls says more
string modelPath = Path.GetFullPath(builder.Configuration["model"] ?? "first-model.zip");
builder.Services.AddSingleton(services => new ServedModel(modelPath, services.GetRequiredService<ILogger<ServedModel>>()));
builder.Services.AddHostedService(services => services.GetRequiredService<ServedModel>());
await using var app = builder.Build();
try
{
    app.Services.GetRequiredService<ServedModel>();
}
catch (Exception error)
{
    Console.Error.WriteLine($"The model {modelPath} does not load: {error.GetBaseException().Message}");
    return 1;
}
app.MapPost("/predict", Predict);
app.Run();
return 0;

static async Task<IResult> Predict(HttpRequest request, ServedModel model)
{
    string path = Path.GetTempFileName();                                               // the model begins with LoadPixels
    try
    {
        IFormFile? image = request.HasFormContentType ? (await request.ReadFormAsync()).Files["image"] : null;
        if (image is null)
            return Bad("expected a form with a file named 'image', as curl -F image=@shoe.png sends it");
        if (image.Length > MaxBytes)
            return Bad($"the image has {image.Length} bytes; at most {MaxBytes} are taken");
        await using (var file = File.Create(path))
            await image.CopyToAsync(file);
        return FaultOf(path) is string fault ? Bad(fault) : Results.Ok(model.Use(engine => Answer(engine, path)));
    }
    catch (Exception error) when (error is IOException or InvalidDataException)         // of the request: too long, cut off, not a form
    {
        return Bad(error.Message);
    }
    finally
    {
        File.Delete(path);
    }
}

static IResult Bad(string error) => Results.BadRequest(new { Error = error });

// A damaged image would be an error of the model too; here it becomes an answer that says what is wrong with it.
static string? FaultOf(string path)
{
    using (var codec = SKCodec.Create(path))
        if (codec?.Info is { } size && (long)size.Width * size.Height > MaxPixels)
            return $"the image has {size.Width}×{size.Height} pixels; at most {MaxPixels} are taken";
    return ImageFile.Fault(path);
}

static object Answer(Engine engine, string path)
{
    Prediction prediction = engine.Predict(new LabelledImage { ImagePath = path });
    VBuffer<ReadOnlyMemory<char>> classes = default;
    engine.OutputSchema["Score"].GetSlotNames(ref classes);
    var probabilities = classes.DenseValues().Zip(prediction.Score).ToDictionary(pair => pair.First.ToString(), pair => pair.Second);
    return new { Class = prediction.PredictedLabel, Probabilities = probabilities };
}
