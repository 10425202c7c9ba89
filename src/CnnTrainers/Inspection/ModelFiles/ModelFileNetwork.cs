using System.Text.Json;

namespace CnnTrainers;

/// <summary>A convolutional network in a model file.</summary>
public sealed record ModelFileNetwork
{
    /// <summary>The version of Model.json.</summary>
    public required int Version { get; init; }

    /// <summary>The architecture's name: <c>resnet18</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The family that the architecture is a variant of: <c>ResNetVariant</c>.</summary>
    public required string Family { get; init; }

    /// <summary>The shape of the images that the network takes.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>Whether the pipeline's column has height × width × channels; otherwise channels × height × width.</summary>
    public required bool Interleaved { get; init; }

    /// <summary>The mean of each channel, in raw pixel units: the network sees (x - mean) / std.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>The deviation of each channel, in raw pixel units.</summary>
    public required IReadOnlyList<float> Std { get; init; }

    /// <summary>Number of classes.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The classes in the order of the scores; null where they are only counted.</summary>
    public required IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The feature column's name.</summary>
    public required string FeatureColumnName { get; init; }

    /// <summary>Tensors among the weights; 0 where they are missing.</summary>
    public required int Tensors { get; init; }

    /// <summary>Values in all of them: parameters, and what batch norm has counted; 0 where they are missing.</summary>
    public required long Values { get; init; }

    /// <summary>Bytes of these values; 0 where they are missing.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>How the network was trained.</summary>
    public required TrainingSummary Training { get; init; }

    /// <summary>All of Model.json.</summary>
    public required JsonElement Description { get; init; }
}
