using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using TorchSharp;

namespace CnnTrainers.Cli.Reporting;

/// <summary>Names and values for a report: what a run was told, and what it ran on.</summary>
internal static class Facts
{
    private static readonly CnnTrainerOptions _defaults = new();

    private static readonly string[] _always =
    [
        nameof(CnnTrainerOptions.Epochs), nameof(CnnTrainerOptions.BatchSize), nameof(CnnTrainerOptions.Optimizer), nameof(CnnTrainerOptions.Schedule),
    ];

    // What says where a run keeps its things, or who is told of it, is no setting of it.
    private static readonly string[] _never =
    [
        nameof(CnnTrainerOptions.Seed), nameof(CnnTrainerOptions.LogFolder), nameof(CnnTrainerOptions.CheckpointFolder), nameof(CnnTrainerOptions.CheckpointEvery),
        nameof(CnnTrainerOptions.CheckpointEverySteps), nameof(CnnTrainerOptions.KeepCheckpoints), nameof(CnnTrainerOptions.Resume), nameof(CnnTrainerOptions.TemporaryFolder), nameof(CnnTrainerOptions.TimeLimit),
        nameof(CnnTrainerOptions.CancellationToken),
    ];

    /// <summary>The options that matter in any case, and those that are not as they are by default.</summary>
    public static IEnumerable<ReportFact> Of(CnnTrainerOptions options)
    {
        PropertyInfo[] all = [.. typeof(CnnTrainerOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && !p.PropertyType.IsAssignableTo(typeof(Delegate)) && !p.Name.EndsWith("ColumnName") && !_never.Contains(p.Name))];
        return all.OrderBy(p => Array.IndexOf(_always, p.Name) is >= 0 and var place ? place : _always.Length)
            .Where(p => _always.Contains(p.Name) || !Equals(p.GetValue(options), p.GetValue(_defaults)))
            .Select(p => new ReportFact(Words(p.Name), Text(p.GetValue(options))));
    }

    /// <summary>What the tool that runs is made of, and on what machine.</summary>
    public static IReadOnlyList<ReportFact> OfVersions() =>
    [
        new("CnnTrainers", Versions.Product),
        new("ML.NET", Version(typeof(MLContext))),
        new("TorchSharp", Version(typeof(torch))),
        new("libtorch", torch.__version__),
        new(".NET", Versions.Runtime),
        new("processor", Versions.ProcessorName()),
        new("threads", Versions.Threads),
    ];

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? type.Assembly.GetName().Version!.ToString();

    private static string Text(object? value) => value switch
    {
        null => "none",
        bool on => on ? "yes" : "no",
        string text => text,
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        ITuple range => string.Join(" to ", Enumerable.Range(0, range.Length).Select(at => Text(range[at]))),
        IEnumerable many => string.Join(", ", many.Cast<object?>().Select(Text)),
        // A record that has no text of its own.
        _ when value.ToString() is { } text && text.Contains(" { ") => string.Join(", ", value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => $"{Words(p.Name)} {Text(p.GetValue(value))}")),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Words(string name) => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
