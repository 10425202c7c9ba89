using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.ML.Data;
using SkiaSharp;

namespace CnnTrainers.Cli.Serving;

/// <summary>What a service answers to.</summary>
internal static class Endpoints
{
    private const int DefaultTop = 5;

    private static readonly int[] _problems =
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge,
        StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity, StatusCodes.Status503ServiceUnavailable,
    ];

    /// <summary>Adds them.</summary>
    public static void Map(WebApplication app)
    {
        Images(app.MapPost("/predict", Predict)).Produces<PredictAnswer>()
            .WithSummary("What images show").WithDescription("The likeliest classes of each image, with their probabilities; top says how many, 5 by default.");
        Images(app.MapPost("/features", Features)).Produces<FeaturesAnswer>().ProducesProblem(StatusCodes.Status501NotImplemented)
            .WithSummary("The features of images").WithDescription("What the network's last layer gets of each image: vectors to find similar images by, or to train something else on.");
        Images(app.MapPost("/explain", Explain)).Produces(StatusCodes.Status200OK, contentType: "image/png")
            .WithSummary("Where in an image the evidence for a class is").WithDescription("A picture (Grad-CAM) of one image as the network sees it. class names the class, by default the likeliest; the headers X-Class and X-Probability say which it is (percent-encoded) and how likely.");
        app.MapGet("/model", (ModelSlot slot, ServiceOptions options) => Use(slot, model => ModelAnswer.Of(model, options)))
            .Produces<ModelAnswer>().ProducesProblem(StatusCodes.Status401Unauthorized).WithSummary("The model and the limits of the service");
        app.MapGet("/health", (ModelSlot slot) => Use(slot, model => new HealthAnswer(slot.Fault is null ? "ok" : "stale", model.Id, model.Loaded, slot.Fault)))
            .Produces<HealthAnswer>().WithSummary("Whether the service answers, and whether by the model file as it is now").WithMetadata(KeyGuard.Open);
        app.MapGet("/metrics", Metrics).Produces(StatusCodes.Status200OK, contentType: "text/plain").WithSummary("Counts and times, in Prometheus' text format");
        app.MapOpenApi("/openapi.json").WithMetadata(KeyGuard.Open);
        PageFiles.Map(app);
    }

    private static RouteHandlerBuilder Images(RouteHandlerBuilder endpoint)
    {
        foreach (int status in _problems) endpoint.ProducesProblem(status);
        return endpoint.WithMetadata(ApiDescription.TakesImages);
    }

    private static Task<IResult> Predict(HttpContext context, Scoring scoring, int top = DefaultTop)
    {
        if (top < 1) throw RequestProblem.Bad($"top is {top}, expected at least 1.");
        return scoring.Ask(context, Question.Classes, (model, images) => Results.Ok(new PredictAnswer(
            model.Id, [.. images.Select(one => ImageAnswer.Of(one.Image.Name, one.Job.Numbers, model.Network.ClassNames, top))])));
    }

    private static Task<IResult> Features(HttpContext context, Scoring scoring) => scoring.Ask(context, Question.Features, (model, images) => Results.Ok(new FeaturesAnswer(
        model.Id, [.. images.Select(one => new ImageFeatures(one.Image.Name, one.Job.Numbers))])));

    private static async Task<IResult> Explain(HttpContext context, Scoring scoring, string? @class = null)
    {
        ActivationMap map = await scoring.Ask(context, Question.Evidence, (model, images) =>
        {
            context.Response.Headers["X-Model"] = model.Id;
            return images[0].Job.Map!;
        }, @class);
        context.Response.Headers["X-Class"] = Uri.EscapeDataString(map.Class);
        context.Response.Headers["X-Probability"] = FormattableString.Invariant($"{map.Probability:0.0000}");
        using MLImage drawn = map.Draw();
        return Results.Bytes(Png(drawn), "image/png");
    }

    private static async Task Metrics(HttpContext context, ServiceMetrics metrics, ScoringQueue queue)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await metrics.Write(context.Response.Body, queue.Held, context.RequestAborted);
    }

    private static T Use<T>(ModelSlot slot, Func<ServedModel, T> use)
    {
        ServedModel model = slot.Enter();
        try
        {
            return use(model);
        }
        finally
        {
            model.Leave();
        }
    }

    private static byte[] Png(MLImage image)
    {
        SKColorType order = image.PixelFormat == MLPixelFormat.Bgra32 ? SKColorType.Bgra8888 : SKColorType.Rgba8888;
        using SKImage copy = SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, order, SKAlphaType.Opaque), image.Pixels);
        using SKData file = copy.Encode(SKEncodedImageFormat.Png, 100);
        return file.ToArray();
    }
}
