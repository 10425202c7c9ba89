namespace CnnTrainers.Pipelines.Reports;

/// <summary>What a line chart over epochs is drawn from.</summary>
internal sealed class EpochLines(string axis, IReadOnlyList<ReportEpoch> epochs, int? mark, params IEnumerable<EpochLine> series)
{
    public string Kind => "lines";

    /// <summary>What the upright axis shows.</summary>
    public string Axis => axis;

    public IReadOnlyList<int> Epochs { get; } = [.. epochs.Select(e => e.Epoch)];

    /// <summary>The epoch that is marked, if any.</summary>
    public int? Mark => mark;

    /// <summary>Whether the values are shares.</summary>
    public bool Percent { get; init; }

    /// <summary>The lines; those without any value are left out.</summary>
    public IReadOnlyList<EpochLine> Series { get; } = [.. series.Where(s => s.Values.Any(v => v is not null))];
}

/// <summary>A line: a value for each epoch, null where there is none.</summary>
internal sealed class EpochLine(string name, IReadOnlyList<ReportEpoch> epochs, Func<ReportEpoch, double?> value)
{
    public string Name => name;

    public IReadOnlyList<double?> Values { get; } = [.. epochs.Select(e => value(e) is { } v && double.IsFinite(v) ? v : (double?)null)];
}
