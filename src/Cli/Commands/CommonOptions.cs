using System.CommandLine;
using System.CommandLine.Parsing;

namespace CnnTrainers.Cli.Commands;

/// <summary>Options and arguments that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print the result as one JSON object." };

    public static Argument<string> Model() => new("model") { Description = "A model file (.zip) that cnn train or mlContext.Model.Save wrote." };

    public static Option<int?> Seed() => new("--seed") { Description = "Seed of weights, shuffling and augmentation; the same seed gives the same model." };

    public static Option<T> Positive<T>(string name, string description, Func<ArgumentResult, T>? byDefault = null) where T : struct, IComparable<T>
    {
        var option = new Option<T>(name) { Description = description };
        if (byDefault is not null) option.DefaultValueFactory = byDefault;
        option.Validators.Add(r =>
        {
            if (r.Errors.Any() || r.Tokens.Count == 0) return;
            if (r.GetValueOrDefault<T>().CompareTo(default) <= 0) r.AddError($"{name} is {r.Tokens[0].Value}, expected a number above 0.");
        });
        return option;
    }
}
