using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>Which options the trials of an experiment have: all combinations of some values, random ones, or given ones.</summary>
public sealed class CnnSearchSpace
{
    private readonly IReadOnlyList<CnnSearchDimension> _dimensions;
    private readonly int? _random; // trials drawn for every architecture
    private readonly IReadOnlyList<CnnTrial>? _given;

    private CnnSearchSpace(IReadOnlyList<CnnSearchDimension> dimensions, int? random = null, IReadOnlyList<CnnTrial>? given = null) =>
        (_dimensions, _random, _given) = (dimensions, random, given);

    /// <summary>One trial of every architecture, with the base options.</summary>
    public static CnnSearchSpace None { get; } = new([]);

    /// <summary>Every combination of the values, with every architecture.</summary>
    /// <param name="dimensions">What is varied.</param>
    public static CnnSearchSpace Grid(params IEnumerable<CnnSearchDimension> dimensions) => new([.. dimensions]);

    /// <summary>Random combinations of the values, with every architecture.</summary>
    /// <param name="trials">Trials of every architecture, at least 1.</param>
    /// <param name="dimensions">What is varied.</param>
    public static CnnSearchSpace Random(int trials, params IEnumerable<CnnSearchDimension> dimensions) => new([.. dimensions], trials);

    /// <summary>These trials and no others; the settings' architectures are not looked at.</summary>
    /// <param name="trials">The trials.</param>
    public static CnnSearchSpace Given(params IEnumerable<CnnTrial> trials) => new([], null, [.. trials]);

    internal bool IsGiven => _given is not null;

    /// <summary>Everything that is wrong, one sentence each.</summary>
    internal IEnumerable<string> Faults()
    {
        if (_random is < 1)
            yield return $"expected at least 1 random trial, got {_random}.";
        if (_given is { Count: 0 })
            yield return "expected at least one given trial, got none.";
        if (_given?.Any(trial => trial is not { Architecture: not null, Name: not null, Change: not null }) == true)
            yield return "expected trials with an architecture, a name and a change of the options, got null.";
        foreach (var dimension in _dimensions)
        {
            if (!dimension.IsInterval && dimension.Values.Count == 0)
                yield return $"{dimension.Name}: expected at least one value, got none.";
            if (dimension.IsInterval && _random is null)
                yield return $"{dimension.Name}: an interval can be drawn from but not listed; expected values, or a random search.";
        }
        foreach (var name in _dimensions.CountBy(dimension => dimension.Name).Where(count => count.Value > 1).Select(count => count.Key))
            yield return $"{name}: expected once, got twice.";
    }

    /// <summary>The trials, architecture by architecture.</summary>
    internal IEnumerable<TrialPlan> Plans(IReadOnlyList<CnnArchitecture> architectures, CnnTrainerOptions options, int seed) =>
        _given is not null
            ? _given.Select(trial => new TrialPlan(trial.Architecture, trial.Name, trial.Change(options)))
            : architectures.SelectMany((architecture, at) => Combinations(seed + at).Select(values => new TrialPlan(
                architecture,
                string.Join(", ", _dimensions.Zip(values, (dimension, value) => $"{dimension.Name}={value.Text}")),
                values.Aggregate(options, (changed, value) => value.Change(changed)))));

    private IEnumerable<IReadOnlyList<CnnSearchDimension.Value>> Combinations(int seed) => _random is { } trials ? Drawn(trials, seed) : Listed(0);

    private IEnumerable<IReadOnlyList<CnnSearchDimension.Value>> Listed(int first) => first == _dimensions.Count
        ? [[]]
        : _dimensions[first].Values.SelectMany(value => Listed(first + 1).Select(rest => (IReadOnlyList<CnnSearchDimension.Value>)[value, .. rest]));

    private IEnumerable<IReadOnlyList<CnnSearchDimension.Value>> Drawn(int trials, int seed)
    {
        var random = new SplitMix(seed);
        for (var trial = 0; trial < trials; trial++)
            yield return [.. _dimensions.Select(dimension => dimension.Draw((random.Next() >> 11) * Math.ScaleB(1, -53)))];
    }
}

/// <summary>A given trial: an architecture, and how its options differ from the base options.</summary>
/// <param name="Architecture">The network.</param>
/// <param name="Name">What the change is called; empty where there is none.</param>
/// <param name="Change">Makes the trial's options of the base options.</param>
public sealed record CnnTrial(CnnArchitecture Architecture, string Name, Func<CnnTrainerOptions, CnnTrainerOptions> Change)
{
    /// <summary>A trial with the base options.</summary>
    /// <param name="architecture">The network.</param>
    public CnnTrial(CnnArchitecture architecture) : this(architecture, "", options => options) { }
}

/// <summary>One trial before it is run.</summary>
internal sealed record TrialPlan(CnnArchitecture Architecture, string Text, CnnTrainerOptions Options);
