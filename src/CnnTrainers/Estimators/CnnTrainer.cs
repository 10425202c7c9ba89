using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using CnnTrainers.Estimators;
using CnnTrainers.Inference;
using CnnTrainers.Inspection;
using CnnTrainers.Kernels;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace CnnTrainers;

/// <summary>
/// Trains a convolutional network to tell classes of images apart. Made by
/// <see cref="CnnCatalog.Cnn(MulticlassClassificationCatalog.MulticlassClassificationTrainers, CnnArchitecture, CnnTrainerOptions)"/>.
/// </summary>
/// <remarks>
/// <para>The label column must be of key type; its count, not the labels seen, gives the number of classes. Rows without a label are
/// skipped and counted in the log. The feature column is a float or byte vector with the dimensions channels × height × width or
/// height × width × channels (ExtractPixels), a vector without dimensions together with <see cref="CnnTrainerOptions.ImageShape"/>, or
/// an image column, of which red, green and blue are read (alpha too with 4 channels, luma with 1).</para>
/// <para>The data view is read once, on several threads, in its own order; pixels are kept as bytes where they are.</para>
/// <para>A row without a readable image ends the fit with an error that names row and file. With
/// <see cref="CnnTrainerOptions.SkipUnreadableImages"/> such rows are skipped and counted instead. Skipped can be what fails as the
/// row's own image is asked for: a missing file, a file that is no image, an empty path. What fails inside another component that reads
/// ahead by itself, such as a cache, ends the fit in any case.</para>
/// </remarks>
public sealed class CnnTrainer : IEstimator<CnnTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly IHost _host;
    private readonly CnnTrainerOptions _options;
    private readonly int _seed;

    internal CnnTrainer(IHostEnvironment env, CnnArchitecture architecture, CnnTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (Architecture, _options) = (architecture, options.Copy());
        (_env, _host) = (env, env.Register(nameof(CnnTrainer)));
        // Drawn once, so that two fits of one trainer are equal.
        _seed = options.Seed ?? _host.Rand.Next();
    }

    /// <summary>The architecture of the networks that this trainer makes.</summary>
    public CnnArchitecture Architecture { get; }

    /// <summary>The columns after a fit: those that come in, PredictedLabel and Score.</summary>
    /// <param name="inputSchema">The columns before.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature or the label column is missing or of a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumns.CheckFeature(inputSchema, _options.FeatureColumnName);
        var label = InputColumns.CheckLabel(inputSchema, _options.LabelColumnName);
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (var column in OutputColumns.Promise(_options, label))
            columns[column.Name] = column;
        return new SchemaShape(columns.Values);
    }

    /// <summary>Trains a network.</summary>
    /// <param name="input">The training rows; part of them validates where <see cref="CnnTrainerOptions.ValidationFraction"/> says so.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature or the label column is missing or does not fit.</exception>
    /// <exception cref="InvalidOperationException">
    /// A row's image cannot be used, or there is none at all, or <see cref="CnnTrainerOptions.Device"/> cannot be used or has too little memory,
    /// or a network of one's own (<see cref="CustomArchitecture"/>) cannot be trained or saved; the message says why.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <see cref="CnnTrainerOptions.TrainableFrom"/> names no layer of the network, <see cref="CnnTrainerOptions.ClassWeights"/> are of other
    /// classes, or a folder of the options cannot be written to or has the checkpoint of another fit.
    /// </exception>
    /// <exception cref="FileNotFoundException"><see cref="CnnTrainerOptions.InitialWeights"/> does not exist.</exception>
    /// <exception cref="InvalidDataException">The file of initial weights is damaged or does not fit the network, or no checkpoint is whole.</exception>
    /// <exception cref="CnnTrainingException">The loss became infinite or NaN; the exception has the best network so far.</exception>
    /// <exception cref="OperationCanceledException"><see cref="CnnTrainerOptions.CancellationToken"/>, or the environment that the trainer was made in, was cancelled.</exception>
    public CnnTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FitCore(input, null);
    }

    /// <summary>Trains a network and validates it after every epoch on rows that it does not learn from.</summary>
    /// <param name="trainData">The training rows.</param>
    /// <param name="validationData">
    /// The validation rows, with the same columns. Keys of their own are taken by their values, which must be among those of the training rows; keys
    /// without values must mean the same classes.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The feature or the label column of either is missing or does not fit, or the validation rows have other classes.</exception>
    /// <exception cref="InvalidOperationException">
    /// A row's image cannot be used, or there is none at all, or <see cref="CnnTrainerOptions.Device"/> cannot be used or has too little memory,
    /// or a network of one's own (<see cref="CustomArchitecture"/>) cannot be trained or saved; the message says why.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <see cref="CnnTrainerOptions.TrainableFrom"/> names no layer of the network, <see cref="CnnTrainerOptions.ClassWeights"/> are of other
    /// classes, or a folder of the options cannot be written to or has the checkpoint of another fit.
    /// </exception>
    /// <exception cref="FileNotFoundException"><see cref="CnnTrainerOptions.InitialWeights"/> does not exist.</exception>
    /// <exception cref="InvalidDataException">The file of initial weights is damaged or does not fit the network, or no checkpoint is whole.</exception>
    /// <exception cref="CnnTrainingException">The loss became infinite or NaN; the exception has the best network so far.</exception>
    /// <exception cref="OperationCanceledException"><see cref="CnnTrainerOptions.CancellationToken"/>, or the environment that the trainer was made in, was cancelled.</exception>
    public CnnTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        return FitCore(trainData, validationData);
    }

    /// <summary>
    /// Looks for a learning rate: trains a network that is thrown away, one step at each of many rates from low to high, and looks at its loss.
    /// It takes as long as so many steps of a fit.
    /// </summary>
    /// <param name="input">The training rows.</param>
    /// <param name="sweep">Which rates; null for the defaults.</param>
    /// <returns>The losses at the rates, and the rate to train with.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature or the label column is missing or does not fit.</exception>
    /// <exception cref="InvalidOperationException">
    /// A row's image cannot be used, or there is none at all, or <see cref="CnnTrainerOptions.Device"/> cannot be used or has too little memory,
    /// or a network of one's own (<see cref="CustomArchitecture"/>) cannot be trained or saved; the message says why.
    /// </exception>
    /// <exception cref="ArgumentException">The sweep is not valid, or there is only one image.</exception>
    /// <exception cref="CnnTrainingException">The loss is infinite or NaN at the first rate.</exception>
    /// <exception cref="OperationCanceledException"><see cref="CnnTrainerOptions.CancellationToken"/>, or the environment that the trainer was made in, was cancelled.</exception>
    public LearningRateCurve FindLearningRate(IDataView input, LearningRateSweep? sweep = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        sweep ??= new();
        sweep.Validate();
        return HostCancellation.Run(_host, _options.CancellationToken, token => FindRate(input, sweep, _options with { CancellationToken = token }));
    }

    private LearningRateCurve FindRate(IDataView input, LearningRateSweep sweep, CnnTrainerOptions options)
    {
        var (label, feature, format) = InputColumns.ForTraining(input.Schema, _options);
        var classes = ClassLabels.Of(input, label);
        FineTuning.Check(Architecture, format.Shape, classes.Count, _options);
        using var channel = _host.Start("Finding a learning rate");
        OwnNetworkCheck.Run(Architecture, format.Shape, classes.Count, _options, text => channel.Warning(MessageSensitivity.None, text));
        var device = ResolveDevice(channel);
        var images = new TrainingImages(options, classes, text => channel.Info(MessageSensitivity.None, text), text => channel.Warning(MessageSensitivity.None, text));
        using var train = images.Read(input, label, feature, format, "training");
        return LearningRateFinder.Run(
            Architecture, classes.Count, train, options, sweep, classes.Names, text => channel.Info(MessageSensitivity.None, text), _seed, device);
    }

    /// <summary>
    /// Images as a training step sees them: cropped, mirrored, recoloured, mixed as the options say. For looking at what the options do before
    /// hours of training; nothing is trained.
    /// </summary>
    /// <param name="input">The rows to show: a few dozen, all of which make one batch (<c>mlContext.Data.TakeRows</c>).</param>
    /// <param name="epoch">The epoch whose changes are made, from 1; every epoch has others. 0: the images as they come. Default 1.</param>
    /// <returns>An image for each row that has a label, in the order of the batch.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature or the label column is missing or does not fit, or the epoch is below 0.</exception>
    /// <exception cref="InvalidOperationException">A row's image cannot be used, or there is none at all.</exception>
    /// <exception cref="ArgumentException">A change of the options is not defined for such pixels.</exception>
    public IReadOnlyList<TrainingImage> Preview(IDataView input, int epoch = 1)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        var (label, feature, format) = InputColumns.ForTraining(input.Schema, _options);
        var classes = ClassLabels.Of(input, label);
        using var images = new TrainingImages(_options, classes, _ => { }, _ => { }).Read(input, label, feature, format, "training");
        return TrainingPreview.Of(images, classes.Names, _options, _seed, epoch);
    }

    /// <summary>Runs part of a fit on images that have been read.</summary>
    internal CnnTransformer Fit(ImageFormat format, ClassLabels classes, TrainingPart part)
    {
        Architecture.Validate(format.Shape, classes.Count);
        FineTuning.Check(Architecture, format.Shape, classes.Count, _options);
        using var channel = _host.Start("Training");
        if (part.IsProbe)
            OwnNetworkCheck.Run(Architecture, format.Shape, classes.Count, _options, text => channel.Warning(MessageSensitivity.None, text));
        return Transformer(format, classes, TrainingLoop.Run(
            Architecture, classes.Count, part.Training.Store, null, _options, classes.Names, text => channel.Info(MessageSensitivity.None, text), _seed, part,
            ResolveDevice(channel, part.LocalRank)));
    }

    private CnnTransformer FitCore(IDataView trainData, IDataView? validationData)
    {
        var ranks = Ranks.Of(_options.Distributed);
        try
        {
            var options = ranks.IsAlone ? _options : SharedOptions(ranks);
            return HostCancellation.Run(_host, options.CancellationToken, token => FitCore(trainData, validationData, ranks, options with { CancellationToken = token }));
        }
        catch (Exception fault)
        {
            ranks.Fail(fault);
            if (LibTorchErrors.Plain(fault) is var plain && plain != fault)
                throw plain;
            throw;
        }
    }

    // The batch size is the total from here on. Who listens, listens to the first process.
    private CnnTrainerOptions SharedOptions(Ranks ranks)
    {
        var options = _options.Distributed!.BatchSizePerRank ? _options with { BatchSize = checked(_options.BatchSize * ranks.Size) } : _options;
        return ranks.IsFirst ? options : options with { OnEpoch = null, OnStep = null, OnProgress = null, OnProfile = null, LogFolder = null };
    }

    private CnnTransformer FitCore(IDataView trainData, IDataView? validationData, Ranks ranks, CnnTrainerOptions options)
    {
        var (label, feature, format) = InputColumns.ForTraining(trainData.Schema, _options);
        var classes = ClassLabels.Of(trainData, label);
        Architecture.Validate(format.Shape, classes.Count);
        if (ranks.IsFirst)
            CheckpointStore.Check(options);
        FolderCheck.Run(options);
        FineTuning.Check(Architecture, format.Shape, classes.Count, _options); // before the images are read, which takes long
        var validationFormat = validationData is null ? null : CheckValidation(validationData.Schema, format, classes);

        using var channel = _host.Start("Training");
        // Without arguments the channel takes the text as it is, braces and all.
        Action<string> info = ranks.IsFirst ? text => channel.Info(MessageSensitivity.None, text) : _ => { };
        Action<string> warn = ranks.IsFirst ? text => channel.Warning(MessageSensitivity.None, text) : _ => { };
        OwnNetworkCheck.Run(Architecture, format.Shape, classes.Count, options, warn);
        var device = ResolveDevice(channel, ranks.LocalRank);
        var seed = ranks.Broadcast(_seed);
        if (!ranks.IsAlone)
            info($"{ranks.Size} processes share the fit, {ranks.LocalSize} of them on this machine: {options.BatchSize} images a step in total.");
        var images = new TrainingImages(options, classes, info, warn, ranks);
        using var train = images.Read(trainData, label, feature, format, "training");
        if (TrainingData.FewImages(train, classes.Names) is { } few)
            warn(few);
        using var validation = validationData is null ? null : images.Read(
            validationData, validationData.Schema[label.Name], validationData.Schema[feature.Name], validationFormat!, "validation");
        try
        {
            return Transformer(format, classes, TrainingLoop.Run(
                Architecture, classes.Count, train, validation, options, classes.Names, info, seed, device: device));
        }
        catch (CnnTrainingException fault) when (fault.Best is not null)
        {
            fault.Model = Transformer(format, classes, fault.Best);
            throw;
        }
    }

    // Before the images are read, which takes long.
    private ComputeDevice ResolveDevice(IChannel channel, int localRank = 0)
    {
        LibTorch.Require();
        var device = DeviceChoice.Resolve(_options.Device, _env, text => channel.Info(MessageSensitivity.None, text), localRank);
        MixedPrecision.Check(_options.Precision, device);
        return device;
    }

    private ImageFormat CheckValidation(DataViewSchema schema, ImageFormat train, ClassLabels classes)
    {
        var (label, feature, _) = InputColumns.ForTraining(schema, _options with { ImageShape = train.Shape });
        classes.PlacesOf(label); // before the images are read, which takes long
        return train.Match(feature);
    }

    private CnnTransformer Transformer(ImageFormat format, ClassLabels classes, TrainingResult result)
    {
        var model = Describe(format, classes, result);
        if (_options.FeaturesColumnName is { } features)
            model = model with { Features = NetworkFeatures.Column(features, result.Network, model.Architecture) };
        return new CnnTransformer(_env, model, new SharedNetwork(model, result.Network)) { Device = _options.Device };
    }

    private CnnModel Describe(ImageFormat format, ClassLabels classes, TrainingResult result) => new()
    {
        Architecture = Architecture,
        Format = format,
        Normalization = result.Normalization,
        Classes = classes,
        FeatureColumnName = _options.FeatureColumnName,
        LabelColumnName = _options.LabelColumnName,
        ScoreColumnName = _options.ScoreColumnName,
        PredictedLabelColumnName = _options.PredictedLabelColumnName,
        SkipUnreadableImages = _options.SkipUnreadableImages,
        TestTimeAugmentation = _options.TestTimeAugmentation,
        Summary = result.Summary,
    };
}
