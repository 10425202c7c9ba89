using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using CnnTrainers.Architectures.Graph;
using CnnTrainers.Kernels;
using CnnTrainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Inference.Plan;

/// <summary>
/// A network as a list of calls of the native library, its weights put in order for them once. Any number of threads may run one; each has
/// memory of its own while it does, which is kept for the next. Of many images each thread takes some through all steps, so that none waits for
/// another between two of them; few images are computed by all threads together, unless other callers are at work.
/// </summary>
internal sealed unsafe class ScoringPlan : IDisposable
{
    private const long Slack = 4096; // loops read some bytes behind the last number
    private const long MostCache = 12 << 20; // of a cache that others use as well; measured: larger parts are no quicker
    private const long WeightsAtOnce = 32 << 20; // bytes of weights that one image may cost to read
    private const int MostImages = 64;

    private readonly Layout _layout;
    private readonly Layer _input;
    private readonly List<Step> _steps = [];
    private readonly ConcurrentStack<nint> _memories = [];
    private readonly bool _bfloat16;
    private readonly MemoryPressure _pressure;

    // Runs in the process. libtorch's threads wait for each other by spinning: teams of several callers would take the processor from each other.
    private static int _callers;

    private ScoringPlan(IReadOnlyList<Layer> layers, bool bfloat16)
    {
        (_bfloat16, _input) = (bfloat16, layers[0]);
        var numberBytes = bfloat16 ? sizeof(short) : sizeof(float);
        _layout = new Layout(layers, numberBytes);
        try
        {
            foreach (var layer in layers.Where(layer => layer.IsStep))
                _steps.Add(Step.Of(layer, _layout, bfloat16));
        }
        catch
        {
            Free();
            throw;
        }
        var widest = _steps.Max(step => step.Layer.Reads.Append(step.Layer).Sum(layer => layer.Pixels * layer.Channels)) * numberBytes;
        var ofCache = Math.Min(MostCache, NativeScoring.cnn_score_cache()) / get_num_threads() / widest;
        var weights = _steps.Sum(step => step.Weights) * numberBytes;
        BatchSize = (int)Math.Clamp(Math.Max(ofCache, weights / WeightsAtOnce), 1, MostImages);
        _pressure = new MemoryPressure(weights + _layout.Bytes * BatchSize);
    }

    ~ScoringPlan() => Free();

    /// <summary>
    /// How many images a thread takes at once: as many as leave their numbers between two steps in the cache, or more where there are so many
    /// weights that reading them takes longer.
    /// </summary>
    public int BatchSize { get; }

    /// <summary>The classes.</summary>
    public int Outputs => _steps[^1].Layer.Channels;

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>A plan for a network in evaluation mode.</summary>
    /// <param name="network">The network, which no other thread records now.</param>
    /// <param name="shape">The images' shape.</param>
    /// <param name="precision">Of the numbers between the steps; sums are float32.</param>
    /// <param name="part">Which part of its graph: all of it, or up to the features.</param>
    /// <param name="isUnknown">Whether the network may change numbers where no recorder sees it: then its output is compared.</param>
    /// <returns>Null where the native library is not there, or the network does what there is no step for.</returns>
    public static ScoringPlan? Of(nn.Module<Tensor, Tensor> network, ImageShape shape, CnnPrecision precision, bool isUnknown = false, ScoringPart part = ScoringPart.Logits)
    {
        if (!KernelLibrary.IsThere)
            return null;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var sample = NetworkGraph.Sample(shape);
        if (NetworkGraph.Record(network, sample, out var output, out _) is not { } graph || LayerList.Of(graph) is not { } layers)
            return null;
        if (isUnknown && !Agrees(layers, sample, output))
            return null;
        if (part == ScoringPart.Features)
            return graph.Features() is { } upTo && LayerList.Of(upTo) is { } some ? new ScoringPlan(some, precision == CnnPrecision.BFloat16) : null;
        return new ScoringPlan(isUnknown ? LayerList.Of(graph)! : layers, precision == CnnPrecision.BFloat16);
    }

    private static bool Agrees(IReadOnlyList<Layer> layers, Tensor sample, Tensor output)
    {
        using var plan = new ScoringPlan(layers, bfloat16: false);
        float[] expected = [.. output.contiguous().data<float>()];
        var logits = new float[plan.Outputs];
        if (expected.Length != logits.Length)
            return false;
        plan.Run(sample.data<float>().ToArray(), Normalization.Identity((int)sample.shape[1]), 1, logits);
        var largest = expected.Max(Math.Abs);
        return expected.Zip(logits).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-3 * largest);
    }

    /// <summary>The logits of some images.</summary>
    /// <param name="planes">images × channels × height × width raw values.</param>
    /// <param name="normalization">What they go through first.</param>
    /// <param name="images">How many there are.</param>
    /// <param name="logits">Gets images × classes values.</param>
    public void Run(ReadOnlySpan<float> planes, Normalization normalization, int images, Span<float> logits)
    {
        if (planes.Length < images * _input.Pixels * _input.Channels || logits.Length < images * Outputs)
            throw new ArgumentException($"Too short for {images} images: {planes.Length} values in, {logits.Length} out.");
        float[] factor = [.. normalization.Std.Select(std => 1 / std)];
        fixed (float* from = planes, to = logits, mean = normalization.Mean, by = factor)
        {
            var others = Interlocked.Increment(ref _callers) > 1;
            try
            {
                var threads = ScoringThreads.IsAlone ? 1 : get_num_threads();
                var work = new Work((nint)from, (nint)mean, (nint)by, (nint)to, images, others && images < threads ? 1 : threads);
                if (work.IsShared)
                    Together(work);
                else
                    EachAlone(work);
            }
            finally
            {
                Interlocked.Decrement(ref _callers);
            }
        }
    }

    /// <summary>Frees weights and memory. No thread may be running it.</summary>
    public void Dispose()
    {
        Free();
        _pressure.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        _steps.ForEach(step => step.Dispose());
        _steps.Clear();
        while (_memories.TryPop(out var memory))
            NativeScoring.cnn_score_memory_free(memory);
    }

    // All threads at each step.
    private void Together(Work work)
    {
        var parts = (work.Images + BatchSize - 1) / BatchSize;
        for (var part = 0; part < parts; part++)
            Run(work, part, parts);
    }

    private void EachAlone(Work work)
    {
        var parts = (work.Images + BatchSize - 1) / BatchSize;
        parts = (parts + work.Threads - 1) / work.Threads * work.Threads;
        try
        {
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = work.Threads }, part =>
            {
                NativeScoring.cnn_score_alone(1);
                try
                {
                    Run(work, part, parts);
                }
                finally
                {
                    NativeScoring.cnn_score_alone(0);
                }
            });
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
    }

    private void Run(Work work, int part, int parts)
    {
        var (first, end) = (work.Images * part / parts, work.Images * (part + 1) / parts);
        if (first == end)
            return;
        if (!_memories.TryPop(out var memory) && (memory = NativeScoring.cnn_score_memory(_layout.Bytes * BatchSize + Slack)) == 0)
            throw new OutOfMemoryException("There is no memory to score images in.");
        try
        {
            Run(memory, work, first, end - first);
        }
        finally
        {
            _memories.Push(memory);
        }
    }

    private void Run(nint memory, Work work, int first, int images)
    {
        var planes = (float*)work.Planes + first * _input.Pixels * _input.Channels;
        Native.Check(NativeScoring.cnn_score_input(
            _bfloat16 ? 1 : 0, images, _input.Pixels, _input.Channels, planes, (float*)work.Mean, (float*)work.Factor,
            memory + (nint)_layout.PlaceOf(_input, images), Layout.PixelOf(_input)));
        foreach (var step in _steps)
            step.Run(memory, images);
        var output = memory + (nint)_layout.PlaceOf(_steps[^1].Layer, images);
        new ReadOnlySpan<float>((void*)output, images * Outputs).CopyTo(new((float*)work.Logits + first * Outputs, images * Outputs));
    }

    // Memory that is held in place while threads are at work on it.
    private sealed record Work(nint Planes, nint Mean, nint Factor, nint Logits, int Images, int Threads)
    {
        // Whether the images are too few for each thread to have about as many as the others.
        public bool IsShared => Threads > 1 && (Images < Threads || (Images < 2 * Threads && Images % Threads != 0));
    }
}
