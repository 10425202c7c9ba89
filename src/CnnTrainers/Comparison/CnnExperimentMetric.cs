using Microsoft.ML.Data;

namespace CnnTrainers;

/// <summary>A number by which the runs of an experiment are compared.</summary>
public sealed class CnnExperimentMetric
{
    private readonly Func<MulticlassClassificationMetrics, double> _value;

    private CnnExperimentMetric(string name, bool higherIsBetter, CnnMetric ofEpochs, Func<MulticlassClassificationMetrics, double> value) =>
        (Name, HigherIsBetter, OfEpochs, _value) = (name, higherIsBetter, ofEpochs, value);

    /// <summary>Share of the validation images classified correctly.</summary>
    public static CnnExperimentMetric MicroAccuracy { get; } = new(nameof(MicroAccuracy), true, CnnMetric.ValidationAccuracy, metrics => metrics.MicroAccuracy);

    /// <summary>The same, each class counting alike, however many images it has.</summary>
    public static CnnExperimentMetric MacroAccuracy { get; } = new(nameof(MacroAccuracy), true, CnnMetric.ValidationMacroAccuracy, metrics => metrics.MacroAccuracy);

    /// <summary>Mean cross-entropy of the validation images.</summary>
    public static CnnExperimentMetric LogLoss { get; } = new(nameof(LogLoss), false, CnnMetric.ValidationLoss, metrics => metrics.LogLoss);

    /// <summary>How much smaller the log loss is than that of always answering with the classes' frequencies.</summary>
    public static CnnExperimentMetric LogLossReduction { get; } = new(nameof(LogLossReduction), true, CnnMetric.ValidationLoss, metrics => metrics.LogLossReduction);

    /// <summary>Every metric there is.</summary>
    public static IReadOnlyList<CnnExperimentMetric> All { get; } = [MicroAccuracy, MacroAccuracy, LogLoss, LogLossReduction];

    /// <summary>The metric's name, that of the property of <see cref="MulticlassClassificationMetrics"/>.</summary>
    public string Name { get; }

    /// <summary>Whether more is better.</summary>
    public bool HigherIsBetter { get; }

    /// <summary>What says which epoch of a trial is its best.</summary>
    internal CnnMetric OfEpochs { get; }

    /// <summary>The metric with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such metric; the message lists those there are.</exception>
    public static CnnExperimentMetric Get(string name) => NamedInstances.Get(All, metric => metric.Name, name, "metric");

    /// <summary>The metric's value.</summary>
    /// <param name="metrics">What a model reaches.</param>
    public double Of(MulticlassClassificationMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return _value(metrics);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
