namespace CnnTrainers;

/// <summary>A number of every epoch that says how good the network is: what the best weights, early stopping and the plateau schedule go by.</summary>
public sealed class CnnMetric
{
    private readonly Func<EpochMetrics, double?> _value;

    private CnnMetric(string name, bool higherIsBetter, bool needsValidation, Func<EpochMetrics, double?> value) =>
        (Name, HigherIsBetter, NeedsValidation, _value) = (name, higherIsBetter, needsValidation, value);

    /// <summary>The metric's name, such as <c>validation-loss</c>.</summary>
    public string Name { get; }

    /// <summary>Whether more is better.</summary>
    public bool HigherIsBetter { get; }

    /// <summary>Whether it is measured on validation images.</summary>
    public bool NeedsValidation { get; }

    /// <summary>Mean cross-entropy of the validation images: <c>validation-loss</c>.</summary>
    public static CnnMetric ValidationLoss { get; } = new("validation-loss", false, true, epoch => epoch.ValidationLoss);

    /// <summary>Share of the validation images classified correctly: <c>validation-accuracy</c>.</summary>
    public static CnnMetric ValidationAccuracy { get; } = new("validation-accuracy", true, true, epoch => epoch.ValidationAccuracy);

    /// <summary>The same, each class counting alike, however many images it has: <c>validation-macro-accuracy</c>.</summary>
    public static CnnMetric ValidationMacroAccuracy { get; } = new("validation-macro-accuracy", true, true, epoch => epoch.ValidationMacroAccuracy);

    /// <summary>Mean loss of the training images while the weights changed: <c>train-loss</c>.</summary>
    public static CnnMetric TrainLoss { get; } = new("train-loss", false, false, epoch => epoch.TrainLoss);

    /// <summary>Share of the training images classified correctly while the weights changed: <c>train-accuracy</c>.</summary>
    public static CnnMetric TrainAccuracy { get; } = new("train-accuracy", true, false, epoch => epoch.TrainAccuracy);

    /// <summary>Every metric there is.</summary>
    public static IReadOnlyList<CnnMetric> All { get; } = [ValidationLoss, ValidationAccuracy, ValidationMacroAccuracy, TrainLoss, TrainAccuracy];

    /// <summary>The metric with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such metric; the message lists those there are.</exception>
    public static CnnMetric Get(string name) => NamedInstances.Get(All, metric => metric.Name, name, "metric");

    /// <summary>The metric's value in an epoch; null where it was not measured.</summary>
    /// <param name="epoch">The epoch's metrics.</param>
    public double? Of(EpochMetrics epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return _value(epoch);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
