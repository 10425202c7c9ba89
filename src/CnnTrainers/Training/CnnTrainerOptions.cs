using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>
/// How a network is trained. Everything has a default; the object is never changed by a trainer, which takes a copy when it is made.
/// </summary>
public sealed partial record CnnTrainerOptions
{
    private const int MostThreads = 1024; // of more than the system can start, OpenMP ends the process

    /// <summary>The label column, of key type. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column with the pixels: a float or byte vector, or an image. Default <c>Features</c>.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>The output column with the class probabilities. Default <c>Score</c>.</summary>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>The output column with the predicted class, of key type. Default <c>PredictedLabel</c>.</summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>
    /// A third output column: what the last layer gets, as a float vector, the network's summary of an image; for other trainers, and for finding
    /// similar images. Where the last layer takes a map, its mean over the pixels. Default null: none. <see cref="CnnTransformer.WithFeatures"/>
    /// adds it to a trained network.
    /// </summary>
    public string? FeaturesColumnName { get; init; }

    /// <summary>The shape of the images. Default null: taken from the feature column's type, which must then have dimensions.</summary>
    public ImageShape? ImageShape { get; init; }

    /// <summary>Passes over the training images, at least 1. Default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>
    /// Images per training step, at least 2 (batch norm needs two). Default 64. Batches of one epoch differ by one image at most; of an odd number of
    /// images in steps of 2, one step has 3.
    /// </summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Share of the training images kept apart for validation, 0 up to but not 1, by the rule of <see cref="StratifiedSplit"/>: every class by its
    /// share, none its last image. Default 0: none. Ignored where a validation set is given.
    /// </summary>
    public double ValidationFraction { get; init; }

    /// <summary>
    /// The seed of weights, order, augmentation and dropout. Two fits with one seed give the same weights on one machine. Default null:
    /// drawn from the MLContext, where that has a seed, else at random.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// Factor that pixel values are multiplied with before <see cref="Mean"/> and <see cref="Std"/> apply, above 0. Default null: 1.
    /// </summary>
    public double? Scale { get; init; }

    /// <summary>Mean of every channel after <see cref="Scale"/>. Default null: measured on the training images. Goes with <see cref="Std"/>.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>Standard deviation of every channel after <see cref="Scale"/>, above 0. Default null: measured. Goes with <see cref="Mean"/>.</summary>
    public IReadOnlyList<float>? Std { get; init; }

    /// <summary>
    /// A named normalisation in place of <see cref="Scale"/>, <see cref="Mean"/> and <see cref="Std"/>. It is saved in the model. Default
    /// null: these three where one is set; else what belongs to <see cref="InitialWeights"/> (the model file's own; for images of
    /// three channels that of the family's published weights, <see cref="PixelNormalization.ImageNet"/> or <see cref="PixelNormalization.Inception"/>);
    /// else measured.
    /// </summary>
    public PixelNormalization? Normalization { get; init; }

    /// <summary>
    /// The file of weights to start from: <c>.safetensors</c>, a PyTorch state dict (<c>.pth</c>, <c>.pt</c>), or a model file (<c>.zip</c>)
    /// of this library. It must fit the architecture; only the last layer may have another number of classes, and then starts anew.
    /// Default null: random weights.
    /// </summary>
    public string? InitialWeights { get; init; }

    /// <summary>
    /// The first layer that is trained; all before it keep their weights, and their norms their statistics. <see cref="Head"/> for the last
    /// layer alone, or the name of a stage or layer: <c>layer3</c>, <c>features.denseblock4</c>. Default null: everything is trained.
    /// </summary>
    /// <remarks>
    /// With the last layer alone and no random changes of the images, the output of all other layers is computed once, before the first
    /// epoch, and kept; an epoch then trains on that. Frozen layers are in evaluation mode: dropout among them does nothing. Auxiliary
    /// heads are off as soon as a layer is frozen.
    /// </remarks>
    public string? TrainableFrom { get; init; }

    /// <summary>The value of <see cref="TrainableFrom"/> for the network's last layer alone: <c>head</c>.</summary>
    public const string Head = "head";

    /// <summary>
    /// Factor of the learning rate from one stage to the one before it, above 0 up to 1, so that early layers, which are the most general,
    /// change least: with 0.5, resnet18's <c>fc</c> learns at the full rate, <c>layer4</c> at half, <c>layer3</c> at a quarter. Default 1.
    /// </summary>
    public double LayerwiseLearningRateDecay { get; init; } = 1;

    /// <summary>
    /// Bytes of memory for the training images and kept outputs of frozen layers, at least 0; past it they go to a temporary file. Default
    /// null: half of the free memory.
    /// </summary>
    public long? MemoryBudgetBytes { get; init; }

    /// <summary>The folder of that temporary file. Default null: the system's.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>
    /// What trains and, after that, scores. Default <see cref="CnnDevice.Auto"/>: by <c>MLContext.GpuDeviceId</c>; where that is not set, the first
    /// NVIDIA card that libtorch sees, else the processor. A card needs the package TorchSharp-cuda-windows or TorchSharp-cuda-linux. Weights in
    /// model files and checkpoints are the same from any device, and a fit begun on one can be resumed on another.
    /// </summary>
    public CnnDevice Device { get; init; } = CnnDevice.Auto;

    /// <summary>
    /// How the fit is shared by several processes: <see cref="CnnDistributed.Mpi"/>, with its own options. Default null: this process trains alone.
    /// </summary>
    public CnnDistributed? Distributed { get; init; }

    /// <summary>
    /// Whether a card computes its sums always in one order, so that equal fits give equal weights; slower. Default false: cuDNN takes the
    /// fastest way it knows, and weights differ in the last bits. On the processor they are always equal.
    /// </summary>
    public bool Deterministic { get; init; }

    /// <summary>
    /// What a training step is computed in: <see cref="CnnPrecision.Float32"/>, <see cref="CnnPrecision.BFloat16"/> or, on cards alone,
    /// <see cref="CnnPrecision.Float16"/>. Validation is in float32 always. Default null: for images of 64 pixels and more bfloat16 on
    /// processors and cards with instructions for it, and float16 on older cards; float32 elsewhere, and on processors for custom, MobileNetV2
    /// and MnasNet networks; of a fit that is resumed, its checkpoint's.
    /// </summary>
    public CnnPrecision? Precision { get; init; }

    /// <summary>Threads that libtorch computes with, 1 to 1024. Default null: the physical cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Called after every epoch, on the training thread. An exception from it ends the fit. Default null.</summary>
    public Action<EpochMetrics>? OnEpoch { get; init; }

    /// <summary>Called after every step, on the training thread; for progress bars. An exception from it ends the fit. Default null.</summary>
    public Action<TrainingProgress>? OnProgress { get; init; }

    /// <summary>Ends the fit with an <see cref="OperationCanceledException"/> at the next step. Default none.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Whether rows whose image cannot be read are skipped and counted. Default false: the first one ends the fit.</summary>
    public bool SkipUnreadableImages { get; init; }

    /// <summary>Throws where an option is out of range.</summary>
    /// <exception cref="ArgumentException">At least one is; the message lists all of them.</exception>
    public void Validate()
    {
        var faults = Faults();
        if (faults.Count > 0)
            throw new ArgumentException($"The options of the trainer are not valid:{string.Concat(faults.Select(fault => $"\n- {fault}"))}");
    }

    /// <summary>A copy that shares nothing with this object that its owner could change.</summary>
    internal CnnTrainerOptions Copy() => this with { Mean = Mean?.ToArray(), Std = Std?.ToArray() };

    /// <summary>Everything that is wrong, one sentence each.</summary>
    internal IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        void Expect(bool condition, string option, string expected, object? got)
        {
            if (!condition)
                faults.Add($"{option}: expected {expected}, got {InvariantText.Of(got) ?? "null"}.");
        }

        ColumnFaults(Expect);
        Expect(Epochs >= 1, nameof(Epochs), "at least 1", Epochs);
        Expect(BatchSize >= 2, nameof(BatchSize), "at least 2", BatchSize);
        Expect(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), "0 up to but not 1", ValidationFraction);
        Expect(MemoryBudgetBytes is null or >= 0, nameof(MemoryBudgetBytes), "at least 0", MemoryBudgetBytes);
        Expect(Threads is null or >= 1 and <= MostThreads, nameof(Threads), $"1 to {MostThreads}", Threads);
        Expect(Device is not null, nameof(Device), "a device", null);
        Expect(TemporaryFolder is not "", nameof(TemporaryFolder), "a folder", "an empty text");
        Expect(InitialWeights is not "", nameof(InitialWeights), "the path of a file", "an empty text");
        Expect(TrainableFrom is not "", nameof(TrainableFrom), "the name of a layer", "an empty text");
        Expect(LayerwiseLearningRateDecay is > 0 and <= 1, nameof(LayerwiseLearningRateDecay), "above 0 up to 1", LayerwiseLearningRateDecay);
        NormalizationFaults(Expect);
        AugmentationFaults(Expect);
        WatchingFaults(Expect);
        OptimizationFaults(Expect);
        StoppingFaults(Expect);
        CheckpointFaults(Expect);
        return faults;
    }

    private void ColumnFaults(Action<bool, string, string, object?> expect)
    {
        expect(!string.IsNullOrEmpty(LabelColumnName), nameof(LabelColumnName), "a column name", LabelColumnName);
        expect(!string.IsNullOrEmpty(FeatureColumnName), nameof(FeatureColumnName), "a column name", FeatureColumnName);
        expect(!string.IsNullOrEmpty(ScoreColumnName), nameof(ScoreColumnName), "a column name", ScoreColumnName);
        expect(!string.IsNullOrEmpty(PredictedLabelColumnName), nameof(PredictedLabelColumnName), "a column name", PredictedLabelColumnName);
        expect(ScoreColumnName != PredictedLabelColumnName, nameof(PredictedLabelColumnName), "another name than ScoreColumnName", PredictedLabelColumnName);
        expect(FeaturesColumnName is not "", nameof(FeaturesColumnName), "a column name or null", "an empty text");
        expect(FeaturesColumnName is null || (FeaturesColumnName != ScoreColumnName && FeaturesColumnName != PredictedLabelColumnName), nameof(FeaturesColumnName), "another name than the other outputs have", FeaturesColumnName);
        expect(
            ImageShape is null or { Channels: > 0, Height: > 0, Width: > 0 } && (ImageShape is not { } one || (Int128)one.Channels * one.Height * one.Width <= int.MaxValue),
            nameof(ImageShape), "positive channels, height and width, and less than 2^31 values", ImageShape);
    }

    private void NormalizationFaults(Action<bool, string, string, object?> expect)
    {
        expect(Normalization is null || (Scale is null && Mean is null && Std is null), nameof(Normalization), "null where Scale, Mean or Std are given", Normalization);
        expect(Normalization?.Mean is null || ImageShape is not { Channels: not 3 }, nameof(Normalization), $"one for the channels of {ImageShape}", Normalization);
        expect(Scale is null or > 0 and < double.PositiveInfinity, nameof(Scale), "a finite number above 0", Scale);
        expect((Mean is null) == (Std is null), nameof(Std), "Mean and Std to be given together", Std is null ? "Mean alone" : "Std alone");
        expect(Mean is null || Mean.All(float.IsFinite), nameof(Mean), "finite numbers", Text(Mean));
        expect(Std is null || Std.All(value => value > 0 && float.IsFinite(value)), nameof(Std), "finite numbers above 0", Text(Std));
        expect(
            Scale is not (> 0 and < double.PositiveInfinity) || (IsUsable((float)(1 / Scale.Value)) && (Mean ?? []).Concat(Std ?? []).All(value => value == 0 || IsUsable((float)(value / Scale.Value)))),
            nameof(Scale), "one that float32 can divide Mean, Std and 1 by", Scale);
        expect(Mean is null || Std is null || Mean.Count == Std.Count, nameof(Std), $"as many values as Mean ({Mean?.Count})", Std?.Count);
        expect(ImageShape is not { } shape || Mean is null || Mean.Count == shape.Channels, nameof(Mean), $"one value for each channel of {ImageShape}", Mean?.Count);
    }

    private static bool IsUsable(float value) => float.IsNormal(value) && float.IsNormal(1 / value);

    private static string Text(IReadOnlyList<float>? values) =>
        values is null ? "null" : string.Join(", ", values.Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
