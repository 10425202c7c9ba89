namespace CnnTrainers;

/// <content>What is made small, and how.</content>
public sealed partial record CnnTrainerOptions
{
    /// <summary>How gradients change the weights. Default <see cref="CnnOptimizer.Sgd"/>.</summary>
    public CnnOptimizer Optimizer { get; init; } = CnnOptimizer.Sgd;

    /// <summary>How the learning rate moves over the fit. Default <see cref="LearningRateSchedule.OneCycle"/>.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.OneCycle;

    /// <summary>
    /// The schedule's highest learning rate, above 0. Default null: the optimizer's <see cref="CnnOptimizer.DefaultLearningRate"/>,
    /// for networks without batch norm the part of it that their family stands. For batches of 64; larger ones bear a higher rate.
    /// </summary>
    public double? LearningRate { get; init; }

    /// <summary>
    /// Epochs, at least 0 and below <see cref="Epochs"/>, over which the learning rate first rises in a straight line, step by step, to
    /// the schedule's first rate; parts of an epoch are allowed. The schedule takes the epochs after it. Default 0.
    /// </summary>
    public double WarmupEpochs { get; init; }

    /// <summary>The factor of the rate that the warm-up begins with, above 0 up to 1. Default 0.01, torchvision's.</summary>
    public double WarmupFactor { get; init; } = 0.01;

    /// <summary>SGD's momentum, 0 up to but not 1; AdamW ignores it. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether SGD looks ahead (Nesterov); needs <see cref="Momentum"/> above 0. Default true.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>Decay of the convolution and linear weights, at least 0; norms and biases never decay. Default 5e-4.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Share of the target that is spread over all classes, 0 up to but not 1. Default 0.1.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>
    /// How much each class counts in the training loss: <see cref="CnnClassWeights.Balanced"/>, or given ones. Validation does not weigh.
    /// Default null: all alike.
    /// </summary>
    public CnnClassWeights? ClassWeights { get; init; }

    /// <summary>
    /// Batches whose gradients are added up for one step, at least 1: a step then learns from <see cref="BatchSize"/> times as many
    /// images with the memory of one batch. Norms see each batch alone. An epoch's last step may have fewer. Default 1.
    /// </summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>The length that the gradient of all parameters together is cut to before a step, above 0. Default null: as it is.</summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>The bound that each value of the gradient is cut to before a step, above 0. Default null: as they are.</summary>
    public double? ClipGradientValue { get; init; }

    /// <summary>
    /// Whether validation and the result take the exponential moving average of the weights over the steps in place of the last weights.
    /// Costs a copy of the weights and a pass over them each step. Default false.
    /// </summary>
    public bool ExponentialMovingAverage { get; init; }

    /// <summary>
    /// The share of that average that a step keeps, 0 up to but not 1. The n-th step keeps at most (1 + n) / (10 + n), so that short fits
    /// average over less. Default 0.9998, timm's.
    /// </summary>
    public double EmaDecay { get; init; } = 0.9998;

    private void OptimizationFaults(Action<bool, string, string, object?> expect)
    {
        expect(Optimizer is not null, nameof(Optimizer), "an optimizer", Optimizer);
        expect(Schedule is not null, nameof(Schedule), "a schedule", Schedule);
        Schedule?.Faults(expect);
        expect(LearningRate is null or > 0 and <= float.MaxValue, nameof(LearningRate), "a finite number above 0", LearningRate);
        expect(WarmupEpochs >= 0 && (WarmupEpochs == 0 || WarmupEpochs < Epochs), nameof(WarmupEpochs), $"at least 0 and below Epochs ({Epochs})", WarmupEpochs);
        expect(WarmupFactor is > 0 and <= 1, nameof(WarmupFactor), "above 0 up to 1", WarmupFactor);
        expect(Momentum is >= 0 and < 1, nameof(Momentum), "0 up to but not 1", Momentum);
        expect(!Nesterov || Momentum > 0 || Optimizer != CnnOptimizer.Sgd, nameof(Nesterov), "false where Momentum is 0", Nesterov);
        expect(WeightDecay is >= 0 and <= float.MaxValue, nameof(WeightDecay), "a finite number of at least 0", WeightDecay);
        expect(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), "0 up to but not 1", LabelSmoothing);
        expect(AccumulationSteps >= 1, nameof(AccumulationSteps), "at least 1", AccumulationSteps);
        expect(ClipGradientNorm is null or > 0 and <= float.MaxValue, nameof(ClipGradientNorm), "a finite number above 0", ClipGradientNorm);
        expect(ClipGradientValue is null or > 0 and <= float.MaxValue, nameof(ClipGradientValue), "a finite number above 0", ClipGradientValue);
        expect(EmaDecay is >= 0 and < 1, nameof(EmaDecay), "0 up to but not 1", EmaDecay);
    }
}
