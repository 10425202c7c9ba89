namespace CnnTrainers.Pipelines.Reports;

/// <summary>Tells which models nothing beats.</summary>
internal static class Pareto
{
    /// <summary>
    /// Whether each model is at the front: no other is as good for less cost, or better for as much. Those with an unknown value are not.
    /// </summary>
    /// <param name="models">The cost (less is better) and the worth (more is better) of each.</param>
    public static bool[] Front(IReadOnlyList<(double? Cost, double? Worth)> models)
    {
        return [.. models.Select(model => model is { Cost: not null, Worth: not null } && !models.Any(other => Beats(other, model)))];

        static bool Beats((double? Cost, double? Worth) one, (double? Cost, double? Worth) other) =>
            one.Cost <= other.Cost && one.Worth >= other.Worth && (one.Cost < other.Cost || one.Worth > other.Worth);
    }
}
