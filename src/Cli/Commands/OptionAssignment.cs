using System.Globalization;
using System.Reflection;
using CnnTrainers.Cli.Comparing;

namespace CnnTrainers.Cli.Commands;

/// <summary>
/// <c>--option Name=Value</c>: sets any option of the trainer, also one within another (<c>Schedule.StepSize=3</c>). Values read as in C#;
/// ranges and lists have commas, instances have names.
/// </summary>
internal static class OptionAssignment
{
    /// <summary>The options with these assignments made, all of them in range.</summary>
    public static CnnTrainerOptions ApplyAll(CnnTrainerOptions options, IEnumerable<string> assignments)
    {
        options = assignments.Aggregate(options, Apply);
        try
        {
            options.Validate();
            return options;
        }
        catch (ArgumentException e)
        {
            throw new CliException(e.Message, ExitCode.Usage);
        }
    }

    /// <summary>The options with one assignment made.</summary>
    public static CnnTrainerOptions Apply(CnnTrainerOptions options, string assignment)
    {
        int at = assignment.IndexOf('=');
        if (at <= 0) throw Wrong(assignment, "expected Name=Value, as in ClipGradientNorm=1");
        return (CnnTrainerOptions)With(options, assignment[..at].Split('.'), assignment[(at + 1)..], assignment);
    }

    private static object With(object target, string[] path, string value, string assignment)
    {
        PropertyInfo property = Property(target.GetType(), path[0], assignment);
        object? current = property.GetValue(target), next;
        if (path.Length == 1)
            next = Parse(property.PropertyType, value, assignment);
        else
            next = With(current ?? Make(property.PropertyType, assignment), path[1..], value, assignment);
        object copy = target.GetType().GetMethod("<Clone>$")?.Invoke(target, null) ?? throw Wrong(assignment, $"{path[0]} has no settings of its own");
        property.SetValue(copy, next);
        return copy;
    }

    private static object Make(Type type, string assignment) =>
        type.GetConstructor([]) is { } make ? make.Invoke(null) : throw Wrong(assignment, "it is not set");

    private static PropertyInfo Property(Type type, string name, string assignment)
    {
        PropertyInfo[] all = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && !p.PropertyType.IsAssignableTo(typeof(Delegate)) && p.PropertyType != typeof(CancellationToken) && !p.Name.EndsWith("ColumnName"))];
        return all.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw Wrong(assignment, $"there is no '{name}'. {Near.Hint([.. all.Select(p => p.Name)], name)}");
    }

    private static object? Parse(Type type, string text, string assignment)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (text is "null" or "none" && plain != typeof(string) && plain != typeof(TestTimeAugmentation)) return null; // which has a value "none"
        try
        {
            if (plain == typeof(string)) return text;
            if (plain == typeof(bool)) return bool.Parse(text);
            if (plain == typeof(TimeSpan)) return Time(text);
            if (plain == typeof((double, double))) return Numbers.Parts(text) is [var from, var to] ? (Numbers.Parse<double>(from), Numbers.Parse<double>(to)) : throw new FormatException("expected two numbers with a comma");
            if (plain == typeof(IReadOnlyList<float>)) return (float[])[.. Numbers.Parts(text).Select(Numbers.Parse<float>)];
            if (plain == typeof(CnnClassWeights)) return ClassWeights(text);
            if (plain.IsPrimitive) return Numbers.Parse(plain, text);
            if (plain.GetMethod("Get", BindingFlags.Public | BindingFlags.Static, [typeof(string)]) is { } get) return get.Invoke(null, [text]);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            throw Wrong(assignment, e.Message);
        }
        catch (TargetInvocationException e)
        {
            throw Wrong(assignment, e.InnerException!.Message);
        }
        throw Wrong(assignment, "it cannot be set as a whole; set its parts, as in RandomErasing.Probability=0.2");
    }

    /// <summary><c>balanced</c>, or weights in the order of the classes, or <c>name:weight</c>.</summary>
    public static CnnClassWeights ClassWeights(string text)
    {
        if (text.Equals("balanced", StringComparison.OrdinalIgnoreCase)) return CnnClassWeights.Balanced;
        string[] parts = text.Split(',');
        if (!parts.All(part => part.Contains(':'))) return CnnClassWeights.ByIndex([.. Numbers.Parts(text).Select(Numbers.Parse<double>)]);
        return CnnClassWeights.ByName(parts.ToDictionary(part => part[..part.LastIndexOf(':')], part => Numbers.Parse<double>(part[(part.LastIndexOf(':') + 1)..])));
    }

    // Also as .NET writes times; its own way to read them takes 5 for five days.
    private static TimeSpan Time(string text) =>
        Duration.TryParse(text, out TimeSpan time) || (text.Contains(':') && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out time))
            ? time : throw new FormatException("expected a time like 90s, 10m or 00:10:00");

    private static CliException Wrong(string assignment, string why) => new($"--option {assignment}: {why.TrimEnd('.')}{(why.EndsWith('?') ? "" : ".")}", ExitCode.Usage);
}
