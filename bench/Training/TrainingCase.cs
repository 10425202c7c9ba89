namespace CnnTrainers.Bench.Training;

/// <summary>One network, input and precision, and how many times the peer's images per second it should reach.</summary>
internal sealed record TrainingCase(string Network, int Size, int Batch, string Precision, double Bar)
{
    public const string Float32 = "float32", BFloat16 = "bfloat16";

    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        new("resnet18", 224, 16, Float32, 2.2),
        new("resnet18", 224, 16, BFloat16, 4.0),
        new("densenet121", 224, 16, Float32, 2.2),
        new("densenet121", 224, 16, BFloat16, 4.0),
        new("vgg11", 224, 16, Float32, 1.5),
        new("vgg11", 224, 16, BFloat16, 4.0),
        new("resnet18", 32, 128, Float32, 1.5),
    ];

    /// <summary>What cases with the same peer share: the peer has one way to run, whatever our precision.</summary>
    public string PeerName => $"torchvision, {Network} {Size}×{Size} batch {Batch}";

    public string Name => $"ours, {Network} {Size}×{Size} batch {Batch} {Precision}";
}
