namespace CnnTrainers.Comparison;

/// <summary>Tells cheap trials from expensive ones before any is run.</summary>
internal static class WorkEstimate
{
    // What updating a parameter takes, in multiply-accumulates of an image: it is done once a batch, but memory is slow.
    private const int PerParameter = 2;

    /// <summary>The work of a trial for one image, in no unit; as large as can be where the network cannot be built.</summary>
    public static double Of(Trial trial, int classes)
    {
        var architecture = trial.Plan!.Architecture;
        try
        {
            var (cost, scale) = CnnArchitecture.All.Contains(architecture)
                ? (ArchitectureCost.Of(architecture), (double)trial.Shape.Height * trial.Shape.Width / (architecture.DefaultSize * architecture.DefaultSize))
                : (Measure(architecture, trial.Shape, classes), 1);
            return cost.MultiplyAccumulates * scale + PerParameter * cost.Parameters;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return double.MaxValue; // the trial will say why
        }
    }

    private static ArchitectureCost Measure(CnnArchitecture architecture, ImageShape shape, int classes)
    {
        var summary = NetworkSummary.Of(architecture, shape, classes);
        return new ArchitectureCost(summary.Parameters, summary.MultiplyAccumulates);
    }
}
