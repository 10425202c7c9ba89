namespace CnnTrainers.Bench.Training;

/// <summary>One network, input and precision, and how many times TorchSharp's images per second it should reach.</summary>
internal sealed record TrainingCase(string Network, int Size, int Batch, string Precision, double Bar)
{
    public const string Float32 = "float32", BFloat16 = "bfloat16";

    private const string LeNet = "lenet5";

    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        new("resnet18", 224, 16, Float32, 2.7),
        new("resnet18", 224, 16, BFloat16, 4.8),
        new("densenet121", 224, 16, Float32, 2.2),
        new("densenet121", 224, 16, BFloat16, 4.2),
        new("vgg11", 224, 16, Float32, 2.5),
        new("vgg11", 224, 16, BFloat16, 4.5),
        new("resnet18", 32, 128, Float32, 1.6),
        new(LeNet, 32, 64, Float32, 1.3),
    ];

    public int Channels => Network == LeNet ? 1 : 3;

    /// <summary>What cases with the same peers share: a peer has one way to run, whatever our precision.</summary>
    public string Group => $"{Network} {Size}×{Size} batch {Batch}";

    public string TorchSharpName => $"TorchSharp, {Group}";

    /// <summary>Null where torchvision has no such network.</summary>
    public string? TorchVisionName => Network == LeNet ? null : $"torchvision, {Group}";

    public string Name => $"ours, {Group} {Precision}{(IsLinear ? ", for the line" : "")}";

    /// <summary>Whether it belongs to the table of sizes and batches, which has runs of its own.</summary>
    public bool IsLinear { get; init; }
}
