namespace CnnTrainers.Cli.Predicting;

/// <summary>A class and how likely it is.</summary>
internal sealed record ClassProbability(string Class, float Probability);

/// <summary>What a model says about an image.</summary>
/// <param name="Image">What the image is called.</param>
/// <param name="Class">The answer: the likeliest class, or <see cref="Unknown"/> where that is not likely enough.</param>
/// <param name="Probability">Of the likeliest class.</param>
/// <param name="Classes">The likeliest classes, that one first.</param>
internal sealed record Prediction(string Image, string Class, float Probability, IReadOnlyList<ClassProbability> Classes)
{
    /// <summary>The answer below the threshold.</summary>
    public const string Unknown = "unknown";
}
