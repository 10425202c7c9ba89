using CnnTrainers.Estimators;
using CnnTrainers.Persistence;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace CnnTrainers.Comparison;

/// <summary>The rows of an experiment, and their images in every shape that a trial asks for.</summary>
internal sealed class ExperimentData : IDisposable
{
    private readonly MLContext _ml = new(0); // for transformers that learn nothing by chance
    private readonly CnnTrainerOptions _options;
    private readonly IChannel _channel;
    private readonly IDataView _train;
    private readonly IDataView? _validation;
    private readonly ITransformer? _front;
    private readonly ImageSteps _steps;
    private readonly Dictionary<ImageShape, TrialImages> _images = [];
    private volatile TrialImages? _first;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or does not fit.</exception>
    public ExperimentData(
        IDataView train, IDataView? validation, string labelColumnName, IEstimator<ITransformer>? preFeaturizer, CnnExperimentSettings settings, IChannel channel)
    {
        var options = settings.BaseOptions with { CancellationToken = settings.CancellationToken };
        (_options, _channel, InputSchema) = (options, channel, train.Schema);
        _front = Front(train, labelColumnName, preFeaturizer);
        (_train, _validation) = (_front?.Transform(train) ?? train, validation is null ? null : _front?.Transform(validation) ?? validation);
        _steps = new ImageSteps(_ml, _train.Schema, options, settings.ImageLoading);
        var label = _train.Schema[labelColumnName];
        Classes = ClassLabels.Of(_train, label);
        if (_validation is not null)
        {
            InputColumns.CheckLabel(MLNetInternals.ShapeOf(_validation.Schema), labelColumnName);
            Classes.PlacesOf(_validation.Schema[labelColumnName]);
        }
        LabelColumnName = labelColumnName;
    }

    /// <summary>The columns of the rows as they come.</summary>
    public DataViewSchema InputSchema { get; }

    /// <summary>The label column.</summary>
    public string LabelColumnName { get; }

    /// <summary>The classes.</summary>
    public ClassLabels Classes { get; }

    /// <summary>The shape of the images where a trial asks for no other.</summary>
    public ImageShape BaseShape => _steps.Shape;

    /// <summary>Whether images in a shape are made of those in the base shape.</summary>
    public bool NeedsBase(ImageShape shape) => _steps.NeedsBytes(shape);

    /// <summary>The images in a shape; read at the first call.</summary>
    /// <exception cref="ArgumentException">The images cannot be had in this shape.</exception>
    /// <exception cref="InvalidOperationException">An image cannot be used, or there is none.</exception>
    public TrialImages Images(ImageShape shape)
    {
        if (_images.TryGetValue(shape, out var known))
            return known;
        if (NeedsBase(shape) && !Images(BaseShape).Train.IsByte)
        {
            throw new ArgumentException(
                $"The images of column '{_steps.FeatureColumnName}' are {BaseShape} and cannot be resized to {shape}: their pixels are not integers from 0 to 255.");
        }
        _images[shape] = Read(shape);
        _first ??= _images[shape];
        return _images[shape];
    }

    /// <summary>The images in the shape that was read first; some have been read. For any thread, at any time.</summary>
    public TrialImages OfAnyShape => _first!;

    /// <summary>
    /// A whole model: from rows as they come to the predicted class as a value, where the label's keys have values.
    /// </summary>
    /// <param name="images">The images that its last part was trained on.</param>
    /// <param name="predictor">What was trained on their pixels.</param>
    /// <param name="predictedLabelColumnName">The column that it predicts.</param>
    public TransformerChain<ITransformer> Model(TrialImages images, ITransformer predictor, string predictedLabelColumnName)
    {
        if (Classes.Kind is null)
            return new TransformerChain<ITransformer>([.. images.Front, predictor]);
        var scored = predictor.Transform(images.View(new(images.Train, [])));
        return new TransformerChain<ITransformer>([.. images.Front, predictor, _ml.Transforms.Conversion.MapKeyToValue(predictedLabelColumnName).Fit(scored)]);
    }

    /// <summary>Fits ML.NET's normalisation of pixels, which may come as bytes, and a trainer on top of it.</summary>
    public ITransformer FitOnNormalized(IDataView view, string feature, IEstimator<ITransformer> trainer) =>
        _ml.Transforms.Conversion.ConvertType(feature).Append(_ml.Transforms.NormalizeMinMax(feature)).Append(trainer).Fit(view);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var images in _images.Values)
            images.Dispose();
    }

    // What is applied to rows before the images: the caller's part, and keys of the labels.
    private TransformerChain<ITransformer>? Front(IDataView train, string label, IEstimator<ITransformer>? preFeaturizer)
    {
        var parts = new List<ITransformer>();
        if (preFeaturizer is not null)
        {
            parts.Add(preFeaturizer.Fit(train));
            Check(parts[0], train.Schema);
            train = parts[0].Transform(train);
        }
        var column = train.Schema.GetColumnOrNull(label) ?? throw SchemaErrors.Missing("label", label);
        if (column.Type is not KeyDataViewType)
            parts.Add(_ml.Transforms.Conversion.MapValueToKey(label).Fit(train));
        return parts.Count == 0 ? null : new TransformerChain<ITransformer>([.. parts]);
    }

    // Before anything is trained: a model that cannot be saved is of no use.
    private void Check(ITransformer preFeaturizer, DataViewSchema schema)
    {
        try
        {
            using var memory = new MemoryStream();
            _ml.Model.Save(preFeaturizer, schema, memory);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new ArgumentException($"preFeaturizer: it cannot be saved, and neither could any model with it: {fault.Message}", fault);
        }
    }

    private TrialImages Read(ImageShape shape)
    {
        var steps = _steps.To(shape);
        var front = steps?.Fit(_train);
        var view = front?.Transform(_steps.Copied(_train)) ?? _train;
        var feature = _steps.ColumnOf(shape);
        var options = _options with { FeatureColumnName = feature, LabelColumnName = LabelColumnName, ImageShape = shape };
        var (label, pixels, format) = InputColumns.ForTraining(view.Schema, options);
        var reader = new TrainingImages(
            options, Classes, text => _channel.Info(MessageSensitivity.None, text), text => _channel.Warning(MessageSensitivity.None, text));
        var train = reader.Read(view, label, pixels, format, "training");
        if (_images.Count == 0 && TrainingData.FewImages(train, Classes.Names) is { } few)
            _channel.Warning(MessageSensitivity.None, few);
        try
        {
            var held = _validation is null ? null : front?.Transform(_steps.Copied(_validation)) ?? _validation;
            var validation = held is null ? null : reader.Read(held, held.Schema[label.Name], held.Schema[feature], format.Match(held.Schema[feature]), "validation");
            return new TrialImages([.. new[] { _front, front }.OfType<ITransformer>()], format, label, feature, train, validation);
        }
        catch
        {
            train.Dispose();
            throw;
        }
    }
}
