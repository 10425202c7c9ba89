using System.Reflection;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Training;

/// <summary>
/// Sets <c>CnnTrainerOptions.Precision</c> by name. By reflection, so that one harness measures versions with and without that option.
/// </summary>
internal static class Precisions
{
    private static readonly PropertyInfo? _option = typeof(CnnTrainerOptions).GetProperty("Precision");

    /// <summary>Whether a fit can have this precision; float32 is what there is without the option.</summary>
    public static bool IsKnown(string precision) => _option is null ? precision == TrainingCase.Float32 : Value(precision) is not null;

    /// <summary>The options with this precision.</summary>
    public static CnnTrainerOptions Apply(CnnTrainerOptions options, string precision)
    {
        if (!IsKnown(precision))
            throw new BenchException($"CnnTrainerOptions.Precision has no value '{precision}'.");
        CnnTrainerOptions copy = options with { };
        _option?.SetValue(copy, Value(precision));
        return copy;
    }

    // An enum's member or a named instance: Float32, BFloat16 or Bf16.
    private static object? Value(string precision)
    {
        Type type = Nullable.GetUnderlyingType(_option!.PropertyType) ?? _option.PropertyType;
        string[] names = precision == TrainingCase.BFloat16 ? ["BFloat16", "Bf16"] : ["Float32"];
        const BindingFlags Statics = BindingFlags.Public | BindingFlags.Static;
        return names.Select(name => type.GetField(name, Statics)?.GetValue(null) ?? type.GetProperty(name, Statics)?.GetValue(null))
            .FirstOrDefault(value => value is not null);
    }
}
