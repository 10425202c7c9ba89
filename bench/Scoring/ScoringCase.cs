namespace CnnTrainers.Bench.Scoring;

/// <summary>One network, input and precision, and how many times ONNX Runtime's images per second it should reach.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Size">The images' height and width.</param>
/// <param name="Batch">How many at a time.</param>
/// <param name="Precision">What ours computes in.</param>
/// <param name="Bar">What should be reached.</param>
/// <param name="OnnxEngine">Whether the transformer scores by ONNX Runtime, its engine where libtorch is not there, in place of libtorch.</param>
internal sealed record ScoringCase(string Network, int Size, int Batch, CnnPrecision Precision, double Bar, bool OnnxEngine = false)
{
    public const int Classes = 10;

    private const double EngineBar = 0.97;

    public static IReadOnlyList<ScoringCase> All { get; } =
    [
        new("resnet18", 224, 16, CnnPrecision.Float32, 1.5),
        new("resnet18", 224, 16, CnnPrecision.BFloat16, 2.5),
        new("densenet121", 224, 16, CnnPrecision.Float32, 1.15),
        new("densenet121", 224, 16, CnnPrecision.BFloat16, 1.9),
        new("resnet18", 224, 1, CnnPrecision.Float32, 1.15),
        new("resnet18", 224, 1, CnnPrecision.BFloat16, 1.6),
        new("resnet18", 224, 1, CnnPrecision.Float32, EngineBar, OnnxEngine: true),
        new("resnet18", 224, 16, CnnPrecision.Float32, EngineBar, OnnxEngine: true),
        new("densenet121", 224, 16, CnnPrecision.Float32, EngineBar, OnnxEngine: true),
        new("mobilenet_v2", 224, 16, CnnPrecision.Float32, 1.0),
        new("mobilenet_v2", 224, 16, CnnPrecision.Float32, EngineBar, OnnxEngine: true),
    ];

    public ImageShape Shape => new(3, Size, Size);

    /// <summary>What cases with the same peer share: it has float32 alone.</summary>
    public string Group => $"{Network} {Size}×{Size} batch {Batch}";

    public string PeerName => $"ONNX Runtime, {Group}";

    public string Name => $"ours, {Group} {Way}";

    /// <summary>What ours computes in, and by what where that is not libtorch.</summary>
    public string Way => OnnxEngine ? $"{Precision}, engine ONNX Runtime" : $"{Precision}";
}

/// <summary>What a measurement of scoring is told on its command line.</summary>
/// <param name="Case">What is scored.</param>
/// <param name="File">The network: weights for ours, an ONNX file for the peer.</param>
/// <param name="WarmUpSteps">Batches that are scored before the clock runs.</param>
/// <param name="Seconds">How long; 0: nothing is timed, the outputs of one batch are all that is wanted.</param>
internal sealed record ScoreArguments(ScoringCase Case, string File, int WarmUpSteps, double Seconds)
{
    public IReadOnlyList<string> Text =>
        [Case.Network, $"{Case.Size}", $"{Case.Batch}", $"{Case.Precision}", $"{Case.OnnxEngine}", File, $"{WarmUpSteps}", FormattableString.Invariant($"{Seconds}")];

    public static ScoreArguments Parse(string[] text) => text is [var network, var size, var batch, var precision, var onnx, var file, var warmUp, var seconds]
        ? new(new(network, int.Parse(size), int.Parse(batch), CnnPrecision.Get(precision), 0, bool.Parse(onnx)), file, int.Parse(warmUp), double.Parse(seconds))
        : throw new Harness.BenchException("Expected: NETWORK SIZE BATCH PRECISION ONNX_ENGINE FILE WARM_UP_STEPS SECONDS");

    /// <summary>The outputs of one batch, and, where that is asked for, the rate.</summary>
    /// <param name="score">Scores the batch into the outputs.</param>
    /// <param name="outputs">images × classes probabilities.</param>
    /// <param name="versions">What does the work.</param>
    public Harness.Measurement Measure(Action score, float[] outputs, string versions)
    {
        score();
        double[] rates = Seconds > 0 ? [Harness.Pace.PerSecond(score, WarmUpSteps, Seconds) * Case.Batch] : [];
        return new(rates, Harness.Status.PeakBytes, versions, Outputs: outputs);
    }
}
