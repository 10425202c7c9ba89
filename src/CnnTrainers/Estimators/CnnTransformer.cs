using CnnTrainers.Devices;
using CnnTrainers.Estimators;
using CnnTrainers.Export;
using CnnTrainers.Inference;
using CnnTrainers.Kernels;
using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace CnnTrainers;

/// <summary>
/// A trained network: adds the predicted class and the class probabilities to rows with images. Made by <see cref="CnnTrainer"/>, or by
/// <c>mlContext.Model.Load</c>. Any number of threads, views and prediction engines may use one at a time.
/// </summary>
/// <remarks>
/// <para>The columns added are PredictedLabel, a key with the label's key values, and Score, probabilities of all classes in the order of
/// the keys, with the class names as slot names. A row whose image cannot be read is an error that names row and file, or has missing
/// outputs (key 0, NaN) where <see cref="CnnTrainerOptions.SkipUnreadableImages"/> was set for the training.</para>
/// <para>The network's memory is native: dispose the transformer, or the chain that it is part of, to free it at once. A PredictionEngine
/// disposes its model unless told otherwise; a transformer that served one stays usable all the same, and so does every view over it.</para>
/// </remarks>
public sealed class CnnTransformer : ISingleFeaturePredictionTransformer<CnnTransformer>, IDisposable
{
    private readonly IHost _host;
    private readonly CnnModel _model;
    private readonly SharedNetwork _network;
    private readonly Lock _gate = new();
    private readonly List<WeakReference<IDataView>> _views = [];
    private readonly IHostEnvironment _env;
    private (CnnDevice Asked, ComputeDevice? Found) _device = (CnnDevice.Auto, null);
    private int _engines;
    private bool _disposed;

    internal CnnTransformer(IHostEnvironment env, CnnModel model, SharedNetwork network)
    {
        (_env, _host, _model, _network) = (env, env.Register(nameof(CnnTransformer)), model, network);
        Scorer = new Scorer(model, network, Log, Found);
    }

    /// <summary>The network's architecture.</summary>
    public CnnArchitecture Architecture => _model.Architecture;

    /// <summary>The shape of the images that the network takes.</summary>
    public ImageShape ImageShape => _model.Shape;

    /// <summary>The classes as text, in the order of the scores; numbers from 0 where the label's keys had no values.</summary>
    public IReadOnlyList<string> ClassNames => _model.Classes.Names;

    /// <summary>The column with the images.</summary>
    public string FeatureColumnName => _model.FeatureColumnName;

    /// <summary>The column with the probabilities of the classes.</summary>
    public string ScoreColumnName => _model.ScoreColumnName;

    /// <summary>The column with the predicted class.</summary>
    public string PredictedLabelColumnName => _model.PredictedLabelColumnName;

    /// <summary>The column with what the last layer gets; null where there is none, as by default.</summary>
    public string? FeaturesColumnName => _model.Features?.Name;

    /// <summary>How the network was trained.</summary>
    public TrainingSummary Summary => _model.Summary;

    /// <summary>
    /// What computes where libtorch scores: a card or the processor. By default as the trainer was told; of a loaded model
    /// <see cref="CnnDevice.Auto"/>, which is decided when the first image is scored. It may be set at any time and holds for what is scored from
    /// then on. It is not saved. On a card probabilities differ by up to some thousandths, as cuDNN multiplies in TF32.
    /// </summary>
    /// <exception cref="ArgumentNullException">It was set to null.</exception>
    /// <exception cref="InvalidOperationException">The device cannot be used; the message says why, and what to do.</exception>
    public CnnDevice Device
    {
        get
        {
            lock (_gate)
                return _device.Asked;
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var found = value == CnnDevice.Auto ? null : DeviceChoice.Resolve(value, _env, Log);
            lock (_gate)
                _device = (value, found);
        }
    }

    /// <summary>
    /// What the network computes in, default <see cref="CnnPrecision.Float32"/>. <see cref="CnnPrecision.BFloat16"/> is about twice as fast on
    /// processors and cards with instructions for it, and moves probabilities by some thousandths. It may be set at any time and holds for what is scored
    /// from then on, by every view, row and engine of this transformer. It is not saved: a loaded model scores in float32 until told otherwise.
    /// </summary>
    /// <exception cref="ArgumentNullException">It was set to null.</exception>
    public CnnPrecision Precision
    {
        get => Scorer.Precision;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Scorer.Precision = value;
        }
    }

    /// <summary>
    /// What scores: <see cref="CnnEngine.LibTorch"/> where it is there, else <see cref="CnnEngine.OnnxRuntime"/>. It may be set at any time and
    /// holds for what is scored from then on. It is not saved. Both give the same probabilities, within 1e-5.
    /// </summary>
    /// <exception cref="ArgumentNullException">It was set to null.</exception>
    /// <exception cref="InvalidOperationException">The engine is not there, or ONNX Runtime cannot score with this network.</exception>
    public CnnEngine Engine
    {
        get => Scorer.Engine;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value == CnnEngine.LibTorch)
                LibTorch.Require();
            else
            {
                OnnxEngine.Require();
                _ = _network.Graph ?? throw new InvalidOperationException($"ONNX Runtime cannot score with this network: {OnnxGraph.WhyNot(_model)}");
            }
            Scorer.Engine = value;
        }
    }

    /// <summary>Always true: every row is scored by itself.</summary>
    public bool IsRowToRowMapper => true;

    internal Scorer Scorer { get; }

    internal CnnModel Model => _model;

    internal ComputeDevice ComputedOn => Found();

    internal SharedNetwork Network => _network;

    /// <summary>The schema of <see cref="Transform"/>'s result.</summary>
    /// <param name="inputSchema">The schema of the rows to score; the label column is not needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit the network.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <summary>Adds the network's outputs to rows, computed while they are read.</summary>
    /// <param name="input">The rows to score; the label column is not needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit the network.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var view = new ScoringView(input, Bind(input.Schema));
        lock (_gate)
        {
            _views.RemoveAll(reference => !reference.TryGetTarget(out _));
            _views.Add(new WeakReference<IDataView>(view));
        }
        return view;
    }

    /// <summary>A mapper of single rows, for prediction engines.</summary>
    /// <param name="inputSchema">The schema of the rows to score.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit the network.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    /// <summary>
    /// The same network with one more output column: what its last layer gets, as a float vector, for other trainers and for finding similar
    /// images. Where the last layer takes a map, its mean over the pixels. It is a transformer of its own, with weights of its own, to be
    /// disposed for itself; where only that column is read, only so much is computed.
    /// </summary>
    /// <param name="columnName">The column's name, other than those of the other outputs.</param>
    /// <exception cref="ArgumentException">The name is empty, or another output's.</exception>
    /// <exception cref="NotSupportedException">The network has no last layer that all comes through.</exception>
    public CnnTransformer WithFeatures(string columnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(columnName);
        if (columnName == ScoreColumnName || columnName == PredictedLabelColumnName)
            throw new ArgumentException($"Expected another name than {ScoreColumnName} and {PredictedLabelColumnName}, got '{columnName}'.", nameof(columnName));
        CheckAlive();
        var column = _model.Features is { } known ? known with { Name = columnName } : NetworkFeatures.Column(columnName, _network, Architecture);
        var model = _model with { Features = column };
        return new CnnTransformer(_env, model, _network.For(model)) { Precision = Precision, Engine = Engine, Device = Device };
    }

    /// <summary>
    /// Writes the network as an ONNX file (opset 12), for ONNX Runtime and other programs. Its input has the name of the feature column:
    /// raw pixels, N×C×H×W of any N. Its outputs have the names of the output columns: probabilities, and the label as text. Normalisation and
    /// test-time augmentation are inside; weights have torchvision's names; the metadata has the classes.
    /// </summary>
    /// <param name="path">The file, by custom <c>.onnx</c>. One that exists is replaced once the new one is whole and checked.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>What the check found; null where the options leave it out.</returns>
    /// <exception cref="NotSupportedException">The network has a layer that cannot be written; the message names it.</exception>
    /// <exception cref="InvalidOperationException">It is to be checked, and ONNX Runtime is not there or does not take it.</exception>
    /// <exception cref="InvalidDataException">ONNX Runtime's answers differ from the network's.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public OnnxAgreement? SaveOnnx(string path, OnnxOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = ToOnnx(options ?? new OnnxOptions(), out var agreement);
        AtomicFile.Write(path, file);
        return agreement;
    }

    /// <inheritdoc cref="SaveOnnx(string, OnnxOptions?)"/>
    /// <param name="stream">Gets the file; nothing is written where something is wrong.</param>
    /// <param name="options">How; null for the defaults.</param>
    public OnnxAgreement? SaveOnnx(Stream stream, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ToOnnx(options ?? new OnnxOptions(), out var agreement));
        return agreement;
    }

    /// <summary>
    /// Writes every parameter and buffer as a .safetensors file, for <see cref="CnnTrainerOptions.InitialWeights"/>, <see cref="CnnWeights"/> and
    /// other programs. It has nothing else of the model: what makes it again is <c>mlContext.Model.Save</c>'s file.
    /// </summary>
    /// <param name="path">The file, by custom <c>.safetensors</c>. One that exists is replaced once the new one is whole.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveWeights(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckAlive();
        AtomicFile.Write(path, _network.WriteWeights);
    }

    /// <summary>Frees the network's memory.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            // With rows out, this call may be a PredictionEngine's for itself, while the model's owner goes on using the model.
            if (_engines > 0)
            {
                _engines--;
                _network.Park();
                return;
            }
            if (!_disposed && _views.Exists(reference => reference.TryGetTarget(out _)))
                _network.Park();
            else if (!_disposed)
                _network.Dispose();
            _disposed = true;
        }
    }

    // For code that asks every predictor for these, such as PermutationFeatureImportance.
    CnnTransformer IPredictionTransformer<CnnTransformer>.Model => this;

    DataViewType ISingleFeaturePredictionTransformer<CnnTransformer>.FeatureColumnType => new VectorDataViewType(NumberDataViewType.Single, ImageShape.Channels, ImageShape.Height, ImageShape.Width);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        CheckAlive();
        if ((Architecture as CustomArchitecture)?.WhyNotNamed is { } reason)
        {
            using var channel = _host.Start("Saving");
            channel.Warning(MessageSensitivity.None, $"The network '{Architecture.Name}' {reason}: the model file has its weights, but cannot be loaded.");
        }
        NetworkFile.Save(ctx, _model, _network);
    }

    private byte[] ToOnnx(OnnxOptions options, out OnnxAgreement? agreement)
    {
        CheckAlive();
        byte[] file;
        using (var copy = _network.Copy()) // other threads must not run into the recording of this one
            file = OnnxFile.Write(_model, copy, options);
        agreement = options.Check ? OnnxCheck.Run(file, _model, _network, options) : null;
        return file;
    }

    private ScoringMap Bind(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        CheckAlive();
        return new ScoringMap(_model, Scorer, schema, () => Interlocked.Increment(ref _engines));
    }

    private ComputeDevice Found()
    {
        lock (_gate)
            return _device.Found ?? (_device = (_device.Asked, DeviceChoice.Resolve(_device.Asked, _env, Log))).Found!;
    }

    private void Log(string text)
    {
        using var channel = _host.Start("Scoring");
        channel.Info(MessageSensitivity.None, text);
    }

    private void CheckAlive()
    {
        lock (_gate)
            ObjectDisposedException.ThrowIf(_disposed, this);
    }
}
