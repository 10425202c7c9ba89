using CnnTrainers.Cli.Predicting;

namespace CnnTrainers.Cli.Serving;

/// <summary>What a model says about the images of a request, in their order.</summary>
/// <param name="Model">Which model it was.</param>
/// <param name="Predictions">For each image what it shows.</param>
internal sealed record PredictAnswer(string Model, IReadOnlyList<ImageAnswer> Predictions);

/// <summary>What an image shows.</summary>
/// <param name="Image">The file's name, where one was sent.</param>
/// <param name="Class">The likeliest class.</param>
/// <param name="Probability">Its probability, 0 to 1.</param>
/// <param name="Classes">The likeliest classes, that one first.</param>
internal sealed record ImageAnswer(string? Image, string Class, float Probability, IReadOnlyList<ClassProbability> Classes)
{
    public static ImageAnswer Of(string? image, float[] scores, IReadOnlyList<string> classes, int top)
    {
        ClassProbability[] best = [.. Enumerable.Range(0, scores.Length).OrderByDescending(c => scores[c]).Take(top).Select(c => new ClassProbability(classes[c], scores[c]))];
        return new(image, best[0].Class, best[0].Probability, best);
    }
}

/// <summary>The features of the images of a request, in their order.</summary>
/// <param name="Model">Which model it was.</param>
/// <param name="Features">For each image what the network's last layer gets.</param>
internal sealed record FeaturesAnswer(string Model, IReadOnlyList<ImageFeatures> Features);

/// <summary>The features of an image.</summary>
/// <param name="Image">The file's name, where one was sent.</param>
/// <param name="Values">The features.</param>
internal sealed record ImageFeatures(string? Image, float[] Values);

/// <summary>How the service is.</summary>
/// <param name="Status">"ok", or "stale" where the model file has changed and does not load: the model before it answers.</param>
/// <param name="Model">Which model answers.</param>
/// <param name="Loaded">When it was loaded.</param>
/// <param name="Fault">What is wrong with the changed file.</param>
internal sealed record HealthAnswer(string Status, string Model, DateTimeOffset Loaded, string? Fault);

/// <summary>The model that answers, and what the service takes.</summary>
internal sealed record ModelAnswer(
    string Model, string File, DateTimeOffset Loaded, string Architecture, long Parameters, ImageAnswerShape Image, IReadOnlyList<string> Classes, int? Features,
    string Precision, string Engine, TrainingAnswer Training, LimitsAnswer Limits)
{
    public static ModelAnswer Of(ServedModel served, ServiceOptions options)
    {
        CnnTransformer network = served.Network;
        (int channels, int height, int width) = network.ImageShape;
        return new(
            served.Id, Path.GetFileName(options.ModelPath), served.Loaded, network.Architecture.Name,
            NetworkSummary.Of(network.Architecture, network.ImageShape, network.ClassNames.Count).Parameters,
            new(channels, height, width), network.ClassNames, network.Model.Features?.Count,
            network.Precision.Name, network.Engine.Name, TrainingAnswer.Of(network.Summary), LimitsAnswer.Of(options.Limits));
    }
}

/// <summary>The shape of the images that the network takes; those sent may have any.</summary>
internal sealed record ImageAnswerShape(int Channels, int Height, int Width);

/// <summary>How the model was trained.</summary>
/// <param name="Images">Training images.</param>
/// <param name="ValidationImages">Images that it was validated on.</param>
/// <param name="Epochs">Epochs.</param>
/// <param name="ValidationAccuracy">Of the epoch that the weights are from.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record TrainingAnswer(int Images, int ValidationImages, int Epochs, double? ValidationAccuracy, double Seconds)
{
    public static TrainingAnswer Of(TrainingSummary summary) => new(
        summary.Images, summary.ValidationImages, summary.History.Count,
        summary.BestEpoch is > 0 and var best && best <= summary.History.Count ? summary.History[best - 1].ValidationAccuracy : null, summary.Seconds);
}

/// <summary>What the service takes at most.</summary>
internal sealed record LimitsAnswer(int ImageBytes, int RequestBytes, int Pixels, int Images, double Seconds)
{
    public static LimitsAnswer Of(ServiceLimits limits) => new(limits.ImageBytes, limits.RequestBytes, limits.Pixels, limits.Images, limits.Time.TotalSeconds);
}
