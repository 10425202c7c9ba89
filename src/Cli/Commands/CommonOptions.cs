using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace CnnTrainers.Cli.Commands;

/// <summary>Options and arguments that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print the result as one JSON object." };

    public static Argument<string> Model() => new("model") { Description = "A model file (.zip) that cnn train or mlContext.Model.Save wrote." };

    public static Option<int?> Seed() => new("--seed") { Description = "Seed of weights, shuffling and augmentation; the same seed gives the same model." };

    public static Option<string> Precision()
    {
        var option = new Option<string>("--precision")
        {
            Description = "What the network computes in: float32, or bfloat16, about twice as fast on processors with instructions for it (cnn doctor says) and a little less exact.",
            DefaultValueFactory = _ => CnnPrecision.Float32.Name,
        };
        option.AcceptOnlyFromAmong([.. CnnPrecision.All.Select(precision => precision.Name)]);
        return option;
    }

    public static Option<T> Positive<T>(string name, string description, Func<ArgumentResult, T>? byDefault = null) where T : struct, INumber<T>
    {
        var option = new Option<T>(name) { Description = description };
        if (byDefault is not null) option.DefaultValueFactory = byDefault;
        option.Validators.Add(r =>
        {
            // What is no number at all is the parser's to report.
            if (r.Tokens is [{ Value: var text }] && T.TryParse(text, CultureInfo.InvariantCulture, out T value) && value <= T.Zero)
                r.AddError($"{name} is {text}, expected a number above 0.");
        });
        return option;
    }
}
