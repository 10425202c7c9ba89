namespace CnnTrainers;

/// <summary>What a trained model costs whoever runs it.</summary>
public sealed record CnnTrialCosts
{
    /// <summary>Learned values.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-accumulates of convolutions and linear layers for one image.</summary>
    public required long MultiplyAccumulates { get; init; }

    /// <summary>Bytes of the model file.</summary>
    public required long ModelFileBytes { get; init; }

    /// <summary>Milliseconds to score one image alone: the median of several measurements, images already decoded and resized.</summary>
    public required double MillisecondsPerImage { get; init; }

    /// <summary>Milliseconds for each image of a batch of <see cref="BatchSize"/>: the median of several measurements.</summary>
    public required double MillisecondsPerImageInBatch { get; init; }

    /// <summary>Images of the batch that was measured.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Bytes of all layers' outputs for one image, in float32: training keeps most of them for every image of a batch. 0 where there are no layers.</summary>
    public required long ActivationBytes { get; init; }

    /// <summary>Bytes of weights, gradients, momentum and activations of a training batch, by calculation; 0 where there are no layers.</summary>
    public required long TrainingBytes { get; init; }
}
