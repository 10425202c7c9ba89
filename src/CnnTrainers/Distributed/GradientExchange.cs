using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using CnnTrainers.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Distributed;

/// <summary>
/// Adds up the gradients of all processes. They go in buckets, the first of which are on their way while the backward pass makes the others:
/// <see cref="Gates"/> in the network tell how far it is. Which gradients are final at which gate is learned in the first step.
/// </summary>
internal sealed class GradientExchange : IDisposable
{
    private const long LeastBytes = 1 << 20; // of a bucket; a smaller one waits for the next gate

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Ranks _ranks, _others;
    private readonly ComputeDevice _device;
    private readonly Gates? _gates;
    private readonly BlockingCollection<(int Start, int Count)> _queue = [];
    private readonly Thread? _sender;
    private readonly List<(int Gate, int Parameter, Tensor Gradient)> _early = []; // in the first step: what was there at each gate
    private List<int[]>? _buckets; // parameters, in the order in which they are sent; the last when the pass is over
    private SharedSums? _shared; // where the processes have memory in common
    private Tensor? _sums, _host;
    private Tensor?[] _places = []; // by parameter, its part of the sums; null where no process has a gradient
    private int[] _starts = []; // by bucket, where it begins in the sums; then the end
    private int _gate;
    private volatile int _sent;
    private volatile int _summed; // of those that were queued
    private int _queued;
    private ExceptionDispatchInfo? _fault;
    private readonly SemaphoreSlim _done = new(0);

    /// <summary>Prepares the exchange for a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">What is trained.</param>
    /// <param name="ranks">The processes.</param>
    /// <param name="device">Where the gradients are.</param>
    /// <param name="overlaps">Whether gates may be put into the network.</param>
    public GradientExchange(nn.Module network, IReadOnlyList<Parameter> parameters, Ranks ranks, ComputeDevice device, bool overlaps)
    {
        (_parameters, _ranks, _device) = (parameters, ranks, device);
        _others = overlaps && ranks.CanOverlap ? ranks.ForAnotherThread() : ranks;
        if (_others == ranks)
            return;
        _gates = new(network, LeastBytes, Passed);
        _sender = new Thread(SendAll) { IsBackground = true, Name = "gradients" };
        _sender.Start();
    }

    /// <summary>Buckets that were sent before a backward pass had ended, over the whole fit.</summary>
    public long SentEarly { get; private set; }

    /// <summary>Whether part of the step's gradients is on its way.</summary>
    public bool HasBegun => _sent > 0;

    /// <summary>Before the forward pass after which the gradients of a step are complete.</summary>
    /// <param name="early">Whether they may be sent while the backward pass goes on, which is then the last of the step.</param>
    public void Begin(bool early)
    {
        (_gate, _sent) = (0, 0);
        ForgetEarly();
        if (_gates is not null)
            _gates.IsOpen = early;
    }

    /// <summary>After the backward pass: every gradient is the sum over all processes.</summary>
    public void Finish()
    {
        using var noGrad = no_grad();
        if (_gates is not null)
            _gates.IsOpen = false;
        if (_buckets is null)
            Learn();
        else
            SentEarly += _sent;
        for (var bucket = _sent; bucket < _buckets!.Count; bucket++)
            Send(bucket);
        for (var bucket = 0; bucket < _buckets.Count && _sender is not null; bucket++)
            _done.Wait();
        _fault?.Throw();
        GiveBack();
    }

    /// <summary>After the last step of all processes.</summary>
    public void End()
    {
        if (_sender is not null)
            _others.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gates?.Dispose();
        _queue.CompleteAdding();
        if (_queued != _summed)
            return; // this process fails while others are waited for: the sender has the memory as long as the process lives
        _sender?.Join();
        _queue.Dispose();
        _done.Dispose();
        ForgetEarly();
        Forget();
    }

    // In the backward pass, on its thread.
    private void Passed()
    {
        using var noGrad = no_grad();
        var gate = _gate++;
        if (_buckets is null)
            Note(gate);
        else if (_sent == gate && gate < _buckets.Count - 1)
            Send(_sent++);
    }

    // Gradients are taken away at the gate. Those that have come back when the pass is over were not complete.
    private void Note(int gate)
    {
        using var scope = NewDisposeScope();
        for (var p = 0; p < _parameters.Count; p++)
        {
            if (_parameters[p].grad is not { } gradient)
                continue;
            _early.Add((gate, p, gradient.DetachFromDisposeScope()));
            _parameters[p].grad = null;
        }
    }

    private void Learn()
    {
        using var scope = NewDisposeScope();
        var gates = new int?[_parameters.Count];
        foreach (var (gate, p, gradient) in _early)
        {
            gates[p] = gates[p] is null && _parameters[p].grad is null ? gate : int.MaxValue;
            using (gradient)
                _parameters[p].grad = _parameters[p].grad is { } more ? gradient + more : gradient;
        }
        _early.Clear();
        // A parameter that no process has a gradient of has none.
        int[] there = [.. _parameters.Select(parameter => parameter.grad is null ? 0 : 1)];
        _ranks.Sum(there.AsSpan());
        int[] all = [.. Enumerable.Range(0, there.Length).Where(p => there[p] > 0)];
        int Gate(int p) => gates[p] is { } gate && there[p] == _ranks.Size ? gate : int.MaxValue;
        var passed = _gate;
        _buckets = [.. Enumerable.Range(0, passed).Select(gate => all.Where(p => Gate(p) == gate).ToArray()), all.Where(p => Gate(p) >= passed).ToArray()];
        Merge(_buckets);
        Allocate();
    }

    // Small ones wait for the next gate: their own then sends nothing.
    private void Merge(List<int[]> buckets)
    {
        for (var bucket = 0; bucket + 1 < buckets.Count; bucket++)
        {
            if (buckets[bucket].Sum(p => _parameters[p].numel()) * sizeof(float) < LeastBytes)
                (buckets[bucket], buckets[bucket + 1]) = ([], [.. buckets[bucket], .. buckets[bucket + 1]]);
        }
    }

    // The last value says whether a gradient has come after its bucket had gone.
    private void Allocate()
    {
        var count = _buckets!.Sum(bucket => bucket.Sum(p => _parameters[p].numel()));
        _shared = _ranks.Any(_device.IsCard) ? null : SharedSums.TryCreate(_ranks, count + 1);
        _sums = _shared?.Own ?? _device.Zeros([count + 1]).DetachFromDisposeScope();
        _host = _device.IsCard ? _device.HostBuffer([count + 1], ScalarType.Float32).DetachFromDisposeScope() : _sums;
        (_places, _starts) = (new Tensor?[_parameters.Count], new int[_buckets!.Count + 1]);
        long at = 0;
        foreach (var (bucket, those) in _buckets.Index())
        {
            _starts[bucket] = checked((int)at);
            foreach (var p in those)
            {
                _places[p] = _sums.as_strided(_parameters[p].shape, Strides(_parameters[p]), _sums.storage_offset() + at).DetachFromDisposeScope();
                at += _parameters[p].numel();
            }
        }
        _starts[^1] = checked((int)at + 1);
    }

    // As the parameter lies in memory, so that most gradients are copied and used as they are; planar where it has gaps.
    private static long[] Strides(Tensor parameter)
    {
        var strides = parameter.stride();
        var extent = 1 + parameter.shape.Zip(strides).Sum(one => (one.First - 1) * one.Second);
        if (extent == parameter.numel())
            return strides;
        var step = 1L;
        for (var d = strides.Length - 1; d >= 0; d--)
            (strides[d], step) = (step, step * parameter.shape[d]);
        return strides;
    }

    private void Send(int bucket)
    {
        using var scope = NewDisposeScope();
        foreach (var p in _buckets![bucket])
        {
            if (_parameters[p].grad is { } gradient)
                _places[p]!.copy_(gradient);
            else
                _places[p]!.zero_();
            _parameters[p].grad = null;
        }
        var (start, end) = (_starts[bucket], _starts[bucket + 1]);
        if (bucket == _buckets.Count - 1)
            _sums!.narrow(0, end - 1, 1).fill_(_buckets.SkipLast(1).Any(those => those.Any(p => _parameters[p].grad is not null)) ? 1 : 0);
        if (_sender is null)
        {
            Sum(start, end - start);
            return;
        }
        _queued++;
        _queue.Add((start, end - start));
    }

    private void SendAll()
    {
        foreach (var (start, count) in _queue.GetConsumingEnumerable())
        {
            try
            {
                if (_fault is null)
                    Sum(start, count);
            }
            catch (Exception fault)
            {
                _fault = ExceptionDispatchInfo.Capture(fault);
            }
            _summed++;
            _done.Release();
        }
    }

    private void Sum(int start, int count)
    {
        if (count == 0)
            return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (_shared is not null)
        {
            _shared.Sum(_others, start, count);
            return;
        }
        var (there, here) = (_sums!.narrow(0, start, count), _host!.narrow(0, start, count));
        if (_device.IsCard)
            here.copy_(there);
        _others.Sum(MemoryMarshal.Cast<byte, float>(here.bytes));
        if (_device.IsCard)
            _device.Upload(here, there);
    }

    private void GiveBack()
    {
        using var scope = NewDisposeScope();
        if (_device.ReadNumber(_sums!.narrow(0, _starts[^1] - 1, 1)) != 0)
            AddLate();
        for (var p = 0; p < _parameters.Count; p++)
            if (_places[p] is { } place)
                _parameters[p].grad = place;
    }

    // A network that is not the same in every step has made a gradient after its bucket had gone.
    private void AddLate()
    {
        foreach (var p in _buckets!.SkipLast(1).SelectMany(those => those))
        {
            var late = _parameters[p].grad is { } more ? _device.Read(more).contiguous().clone() : ComputeDevice.Cpu.Zeros(_parameters[p].shape);
            _ranks.Sum(MemoryMarshal.Cast<byte, float>(late.bytes));
            _places[p]!.add_(_device.Bring(late));
        }
    }

    private void ForgetEarly()
    {
        _early.ForEach(one => one.Gradient.Dispose());
        _early.Clear();
    }

    private void Forget()
    {
        foreach (var place in _places)
            place?.Dispose();
        if (_device.IsCard)
            _host?.Dispose();
        _sums?.Dispose();
        _shared?.Dispose();
    }
}
