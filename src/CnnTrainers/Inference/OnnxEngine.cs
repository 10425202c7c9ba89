using System.Runtime.InteropServices;
using CnnTrainers.Estimators;
using CnnTrainers.Export;
using CnnTrainers.Export.Format;
using CnnTrainers.Kernels;
using CnnTrainers.Persistence;
using CnnTrainers.Training;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CnnTrainers.Inference;

/// <summary>A network in ONNX Runtime. Any number of threads may call one.</summary>
internal sealed class OnnxEngine : IDisposable
{
    private const int BatchPixels = 16 * 224 * 224 * 3; // at a time, so that memory does not grow with what is asked for

    private static readonly Lazy<bool> _isThere = new(Find);

    private readonly InferenceSession _session;
    private readonly MemoryPressure _pressure;
    private readonly ImageShape _shape;
    private readonly int _batch;

    private OnnxEngine(InferenceSession session, ImageShape shape, long bytes) =>
        (_session, _shape, _batch, _pressure) = (session, shape, Math.Max(1, BatchPixels / shape.Size), new(bytes));

    /// <summary>Whether ONNX Runtime's native library can be used in this process.</summary>
    public static bool IsThere => _isThere.Value;

    /// <summary>Makes one.</summary>
    /// <param name="graph">The network's graph, as <see cref="OnnxGraph"/> writes it.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="model">Its description.</param>
    /// <exception cref="InvalidDataException">The parts do not fit each other, or ONNX Runtime does not take them.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime is not there.</exception>
    public static OnnxEngine Create(byte[] graph, StoredWeights weights, CnnModel model)
    {
        Require();
        using var options = new SessionOptions { IntraOpNumThreads = Machine.PhysicalCores, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        try
        {
            return new(Load(OnnxGraph.WithWeights(graph, weights), options), model.Shape, weights.Tensors.Sum(tensor => (long)tensor.Values.Length));
        }
        catch (OnnxRuntimeException fault)
        {
            throw new InvalidDataException($"ONNX Runtime does not take the network's graph, {NetworkFile.GraphName}: {fault.Message}", fault);
        }
    }

    /// <summary>Makes sure that ONNX Runtime is there.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says which package to add.</exception>
    public static void Require()
    {
        if (!IsThere)
            throw new InvalidOperationException("ONNX Runtime is not there: add the package Microsoft.ML.OnnxRuntime to the program.");
    }

    /// <summary>Computes some images.</summary>
    /// <param name="part">What is wanted.</param>
    /// <param name="pixels">images × channels × height × width raw values.</param>
    /// <param name="images">How many there are.</param>
    /// <param name="results">Gets images × classes, or × features, values.</param>
    public void Run(ScoringPart part, ReadOnlySpan<float> pixels, int images, Span<float> results)
    {
        if (part == ScoringPart.Features && !_session.OutputNames.Contains(OnnxGraph.Features))
            throw new InvalidOperationException("ONNX Runtime cannot give features: the network's graph has no last layer that all comes through.");
        var width = results.Length / images;
        for (var first = 0; first < images; first += _batch)
        {
            var count = Math.Min(_batch, images - first);
            RunBatch(part, pixels.Slice(first * _shape.Size, count * _shape.Size), count, results.Slice(first * width, count * width));
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _pressure.Dispose();
    }

    // By a temporary file, as ML.NET reads models: ONNX Runtime takes it piece by piece, where bytes in memory would be there whole, beside the weights
    // and its own copies of them. Where no such file can be written, by bytes.
    private static InferenceSession Load(ModelProto network, SessionOptions options)
    {
        if (TryWrite(network) is not { } path)
            return new InferenceSession(network.ToByteArray(), options);
        try
        {
            return new InferenceSession(path, options);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string? TryWrite(ModelProto network)
    {
        string? path = null;
        try
        {
            path = Path.GetTempFileName();
            using var file = File.Create(path);
            network.WriteTo(file);
            return path;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (path is not null)
                File.Delete(path);
            return null;
        }
    }

    private unsafe void RunBatch(ScoringPart part, ReadOnlySpan<float> pixels, int images, Span<float> results)
    {
        fixed (float* from = pixels, to = results)
        {
            using var input = Value(from, pixels.Length, [images, _shape.Channels, _shape.Height, _shape.Width]);
            using var output = Value(to, results.Length, [images, results.Length / images]);
            using var options = new RunOptions();
            _session.Run(options, [OnnxGraph.Pixels], [input], [part == ScoringPart.Logits ? OnnxGraph.Logits : OnnxGraph.Features], [output]);
        }
    }

    private static unsafe OrtValue Value(float* numbers, int count, long[] shape) =>
        OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, (nint)numbers, (long)count * sizeof(float));

    private static bool Find()
    {
        try
        {
            return OrtEnv.Instance() is not null;
        }
        catch (Exception fault) when (fault is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException or EntryPointNotFoundException })
        {
            return false;
        }
    }
}
