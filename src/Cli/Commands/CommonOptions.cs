using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;
using CnnTrainers.Cli.Comparing;

namespace CnnTrainers.Cli.Commands;

/// <summary>Options and arguments that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print the result as one JSON object." };

    public static Argument<string> Model() => new("model") { Description = "A model file (.zip) that cnn train or mlContext.Model.Save wrote." };

    public static Option<int?> Seed() => new("--seed")
    {
        Description = "Seed of weights, shuffling and augmentation; the same seed gives the same model.",
        CustomParser = result => Read<int>(result, "--seed", null, null),
    };

    public static Option<string?> Engine()
    {
        var option = new Option<string?>("--engine") { Description = "What scores: libtorch (default), or onnxruntime, which agrees with it within 1e-5." };
        option.AcceptOnlyFromAmong([.. CnnEngine.All.Select(engine => engine.Name)]);
        return option;
    }

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

    /// <summary><c>--device</c>; null where it is not one.</summary>
    public static Option<CnnDevice> Device() => new("--device")
    {
        Description = "What computes: cpu; cuda, the first NVIDIA card; cuda:1, the second. Default: auto, a card where libtorch sees one (cnn doctor says), else the processor.",
        DefaultValueFactory = _ => CnnDevice.Auto,
        CustomParser = result =>
        {
            try
            {
                return CnnDevice.Get(result.Tokens[0].Value);
            }
            catch (ArgumentException)
            {
                result.AddError($"--device is '{result.Tokens[0].Value}', expected auto, cpu, cuda, or cuda:1 for the second card.");
                return CnnDevice.Auto;
            }
        },
    };

    /// <summary>The device that was asked for.</summary>
    /// <exception cref="CliException">It cannot be used.</exception>
    public static CnnDevice Checked(this ParseResult parsed, Option<CnnDevice> option)
    {
        CnnDevice device = parsed.GetValue(option)!;
        return device.IsThere(out string? why) ? device : throw new CliException($"--device is {device}: {why}", ExitCode.Usage);
    }

    /// <summary><c>--image-size</c>: 64, or 48x64 for height × width; null where it is not given.</summary>
    public static Option<(int Height, int Width)?> ImageSize(string description) => new("--image-size")
    {
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            string[] parts = text.Split('x', 'X', '×');
            if (parts.Length is 1 or 2 && Numbers.TryParse(parts[0], out int height) && Numbers.TryParse(parts[^1], out int width) && height > 0 && width > 0) return (height, width);
            result.AddError($"--image-size is '{text}', expected one size like 64, or height x width like 48x64.");
            return null;
        },
    };

    /// <summary><c>--time</c>; zero where it is not given and has no default.</summary>
    public static Option<TimeSpan> Time(string description, Func<ArgumentResult, TimeSpan>? byDefault = null)
    {
        var option = new Option<TimeSpan>("--time")
        {
            Description = description,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (!Duration.TryParse(text, out TimeSpan time)) result.AddError($"--time is '{text}', expected a time of at least a second like 90s, 10m or 1h30m.");
                return time;
            },
        };
        if (byDefault is not null) option.DefaultValueFactory = byDefault;
        return option;
    }

    /// <summary>Lets the command line be refused where an option's text cannot be read.</summary>
    /// <param name="option">The option.</param>
    /// <param name="read">Reads the text; throws a <see cref="CliException"/>.</param>
    public static void CheckedBy<T>(this Option<string> option, Func<string, T> read) => option.Validators.Add(result =>
    {
        try
        {
            if (result.Tokens is [var token]) read(token.Value);
        }
        catch (CliException e)
        {
            result.AddError(e.Message);
        }
    });

    public static Option<T> Positive<T>(string name, string description, Func<ArgumentResult, T>? byDefault = null) where T : struct, INumber<T> =>
        Number(name, description, byDefault, value => value > T.Zero, "a number above 0");

    /// <summary>An option whose value is read strictly: see <see cref="Numbers"/>.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">For the help.</param>
    /// <param name="byDefault">Its value where it is not given; null for zero.</param>
    /// <param name="within">Which numbers it takes; null for all.</param>
    /// <param name="expected">These numbers in words, as in "a number above 0".</param>
    public static Option<T> Number<T>(string name, string description, Func<ArgumentResult, T>? byDefault = null, Func<T, bool>? within = null, string? expected = null)
        where T : struct, INumber<T>
    {
        var option = new Option<T>(name) { Description = description, CustomParser = result => Read(result, name, within, expected) };
        if (byDefault is not null) option.DefaultValueFactory = byDefault;
        return option;
    }

    private static T Read<T>(ArgumentResult result, string name, Func<T, bool>? within, string? expected) where T : struct, INumber<T>
    {
        string text = result.Tokens[0].Value;
        if (!Numbers.TryParse(text, out T value)) result.AddError($"{name} is '{text}', {Numbers.Expected<T>(text)}.");
        else if (within?.Invoke(value) == false) result.AddError($"{name} is {text}, expected {expected}.");
        return value;
    }
}
