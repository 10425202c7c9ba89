using System.Buffers;
using System.Runtime.InteropServices;
using CnnTrainers.Devices;
using CnnTrainers.Estimators;
using CnnTrainers.Inference.Plan;
using CnnTrainers.Kernels;
using CnnTrainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Inference;

/// <summary>
/// Runs a network over raw planar pixels: by a plan of the native library's steps, or, where there is none, by its modules, or by ONNX Runtime.
/// Any number of threads may call one scorer.
/// </summary>
/// <param name="model">The network's description.</param>
/// <param name="network">The network.</param>
/// <param name="log">Takes a line where the precision cannot be had as it was asked for.</param>
/// <param name="device">What computes where libtorch scores; null: the processor.</param>
internal sealed class Scorer(CnnModel model, SharedNetwork network, Action<string> log, Func<ComputeDevice>? device = null)
{
    private readonly IReadOnlyList<Placement> _views = model.TestTimeAugmentation.Views(model.Shape);
    private readonly Lock _gate = new();
    private volatile CnnPrecision _precision = CnnPrecision.Float32;
    private volatile CnnEngine _engine = CnnEngine.LibTorch.IsThere ? CnnEngine.LibTorch : CnnEngine.OnnxRuntime;
    private readonly Dictionary<(CnnPrecision, ComputeDevice), MixedPrecision?> _mixed = [];
    private bool _isPrecisionTold;
    private long _runs;

    /// <summary>The network.</summary>
    public SharedNetwork Network => network;

    /// <summary>How often images were scored, over all threads.</summary>
    public long Runs => Interlocked.Read(ref _runs);

    /// <summary>What the network computes in.</summary>
    public CnnPrecision Precision
    {
        get => _precision;
        set => _precision = value;
    }

    /// <summary>What runs the network: libtorch where it is there.</summary>
    public CnnEngine Engine
    {
        get => _engine;
        set => _engine = value;
    }

    /// <summary>The probabilities of some images.</summary>
    /// <param name="pixels">images × channels × height × width raw values.</param>
    /// <param name="images">How many images these are.</param>
    /// <param name="probabilities">Gets images × classes values.</param>
    public void Score(ReadOnlySpan<float> pixels, int images, Span<float> probabilities)
    {
        using var use = network.Use();
        Interlocked.Increment(ref _runs);
        if (images == 0)
            return;
        probabilities = probabilities[..(images * model.Classes.Count)];
        var precision = _precision;
        if (_views.Count == 1)
        {
            Probabilities(use, precision, pixels, images, default, probabilities);
            return;
        }
        probabilities.Clear();
        var ofView = new float[probabilities.Length];
        foreach (var view in _views)
        {
            Probabilities(use, precision, pixels, images, view, ofView);
            for (var i = 0; i < ofView.Length; i++)
                probabilities[i] += ofView[i] / _views.Count;
        }
    }

    /// <summary>What the last layer gets of some images, as they are: without test-time augmentation.</summary>
    /// <param name="pixels">images × channels × height × width raw values.</param>
    /// <param name="images">How many images these are.</param>
    /// <param name="features">Gets images × features values.</param>
    public void Features(ReadOnlySpan<float> pixels, int images, Span<float> features)
    {
        using var use = network.Use();
        Interlocked.Increment(ref _runs);
        if (images == 0)
            return;
        features = features[..(images * model.Features!.Count)];
        var precision = _precision;
        if (_engine == CnnEngine.OnnxRuntime)
        {
            TellPrecision(precision);
            use.Engine.Run(ScoringPart.Features, pixels, images, features);
        }
        else if (PlanFor(use, precision, ScoringPart.Features, out var on) is { } plan)
            plan.Run(pixels, model.Normalization, images, features);
        else
            ByModules(use, NetworkFeatures.Of, ScoringPart.Features, precision, on, pixels, images, default, features);
    }

    /// <summary>Raw pixels as the network takes them: normalised, N×C×H×W, channels last in memory.</summary>
    /// <param name="model">The network's description.</param>
    /// <param name="pixels">images × channels × height × width raw values.</param>
    /// <param name="images">How many images these are.</param>
    /// <param name="view">Where they are put.</param>
    public static Tensor Input(CnnModel model, ReadOnlySpan<float> pixels, int images, Placement view = default)
    {
        var (channels, height, width) = model.Shape;
        var memory = ComputeDevice.Cpu.Empty([images, height, width, channels], ScalarType.Float32);
        var normalized = MemoryMarshal.Cast<byte, float>(memory.bytes);
        var writer = new PixelWriter(model.Shape, model.Normalization);
        for (var (image, size) = (0, model.Shape.Size); image < images; image++)
            writer.Write(pixels.Slice(image * size, size), view, normalized.Slice(image * size, size));
        return memory.permute(0, 3, 1, 2);
    }

    private void Probabilities(SharedNetwork.Lease use, CnnPrecision precision, ReadOnlySpan<float> pixels, int images, Placement view, Span<float> probabilities)
    {
        if (_engine == CnnEngine.OnnxRuntime)
        {
            TellPrecision(precision);
            var engine = use.Engine;
            Placed((planes, count, logits) => engine.Run(ScoringPart.Logits, planes, count, logits), pixels, images, view, probabilities);
        }
        else if (PlanFor(use, precision, ScoringPart.Logits, out var on) is { } plan)
            Placed((planes, count, logits) => plan.Run(planes, model.Normalization, count, logits), pixels, images, view, probabilities);
        else
        {
            ByModules(use, (module, input) => module.call(input), ScoringPart.Logits, precision, on, pixels, images, view, probabilities);
            return;
        }
        for (var image = 0; image < images; image++)
            Softmax(probabilities.Slice(image * model.Classes.Count, model.Classes.Count));
    }

    private delegate void Running(ReadOnlySpan<float> planes, int images, Span<float> logits);

    private void Placed(Running run, ReadOnlySpan<float> pixels, int images, Placement view, Span<float> logits)
    {
        if (view == default)
        {
            run(pixels, images, logits);
            return;
        }
        var size = model.Shape.Size;
        var placed = ArrayPool<float>.Shared.Rent(images * size);
        for (var image = 0; image < images; image++)
            view.Copy(pixels.Slice(image * size, size), model.Shape, placed.AsSpan(image * size, size));
        run(placed.AsSpan(0, images * size), images, logits);
        ArrayPool<float>.Shared.Return(placed);
    }

    private void TellPrecision(CnnPrecision precision)
    {
        if (precision == CnnPrecision.Float32 || Interlocked.Exchange(ref _isPrecisionTold, true))
            return;
        log($"Precision: ONNX Runtime has no {precision} on the CPU; it computes in float32.");
    }

    // Where libtorch scores, and by which plan; none where it has to run module by module, as it does on cards.
    private ScoringPlan? PlanFor(SharedNetwork.Lease use, CnnPrecision precision, ScoringPart part, out ComputeDevice on)
    {
        on = device?.Invoke() ?? ComputeDevice.Cpu;
        MixedPrecision.Check(precision, on);
        return on.IsCard ? null : use.PlanFor(precision, part);
    }

    private void ByModules(
        SharedNetwork.Lease use, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> run, ScoringPart part, CnnPrecision precision, ComputeDevice on,
        ReadOnlySpan<float> pixels, int images, Placement view, Span<float> results)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var module = use.NetworkOn(on);
        try
        {
            var input = on.Bring(Input(model, pixels, images, view));
            var computed = Mixed(precision, on) is { } mixed ? mixed.Run(x => run(module, x), input) : run(module, input);
            if (part == ScoringPart.Logits)
                computed = computed.softmax(1);
            on.Read(computed).contiguous().bytes.CopyTo(MemoryMarshal.AsBytes(results));
            return;
        }
        catch (Exception fault) when (images > 1 && on.IsOutOfMemory(fault)) { } // half as many need half as much
        catch (ExternalException fault)
        {
            throw LibTorchErrors.Plain(fault);
        }
        scope.DisposeEverything();
        var (half, size, width) = (images / 2, model.Shape.Size, results.Length / images);
        ByModules(use, run, part, precision, on, pixels[..(half * size)], half, view, results[..(half * width)]);
        ByModules(use, run, part, precision, on, pixels[(half * size)..], images - half, view, results[(half * width)..]);
    }

    // Chosen once, so that the log has its line once.
    private MixedPrecision? Mixed(CnnPrecision precision, ComputeDevice on)
    {
        if (precision == CnnPrecision.Float32)
            return null;
        lock (_gate)
        {
            if (!_mixed.TryGetValue((precision, on), out var mixed))
                _mixed.Add((precision, on), mixed = MixedPrecision.ChooseForScoring(precision, on, log));
            return mixed;
        }
    }

    private static void Softmax(Span<float> values)
    {
        var largest = float.NegativeInfinity;
        foreach (var value in values)
            largest = Math.Max(largest, value); // NaN stays
        var sum = 0f;
        for (var i = 0; i < values.Length; i++)
            sum += values[i] = MathF.Exp(values[i] - largest);
        for (var i = 0; i < values.Length; i++)
            values[i] /= sum;
    }
}
