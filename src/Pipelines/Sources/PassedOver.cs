namespace CnnTrainers.Pipelines;

/// <summary>Counts by kind what is passed over.</summary>
internal sealed class PassedOver
{
    private readonly OrderedDictionary<string, (string Many, int Count, string? First)> _kinds = [];

    /// <summary>Counts something.</summary>
    /// <param name="one">What one of them is called.</param>
    /// <param name="many">What several are called; null: the same.</param>
    /// <param name="name">The name of this one, to be told of the first; null for none.</param>
    /// <param name="count">How many there are.</param>
    public void Add(string one, string? many = null, string? name = null, int count = 1)
    {
        if (count == 0) return;
        (string Many, int Count, string? First) known = _kinds.GetValueOrDefault(one, (many ?? one, 0, name));
        _kinds[one] = known with { Count = known.Count + count };
    }

    /// <summary>A line for each kind, such as "2 .txt".</summary>
    public IReadOnlyList<string> Lines() =>
        [.. _kinds.Select(kind => $"{kind.Value.Count} {(kind.Value.Count == 1 ? kind.Key : kind.Value.Many)}{Example(kind.Value.First, kind.Value.Count)}")];

    private static string Example(string? first, int count) => first is null ? "" : count == 1 ? $" ({first})" : $" ({first}, …)";
}
