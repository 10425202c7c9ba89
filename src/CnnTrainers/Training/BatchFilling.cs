using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using CnnTrainers.Distributed;

namespace CnnTrainers.Training;

/// <summary>
/// One batch under way. Whichever threads work on it take the next image, or pair of images where they are mixed, until none is left; each
/// image depends on nothing but its number, so that the batch does not depend on the threads.
/// </summary>
internal sealed class BatchFilling
{
    private readonly PixelStore _store;
    private readonly ReadOnlyMemory<int> _images;
    private readonly int _seed, _epoch, _pieces;
    private readonly Mixture? _mixture;
    private readonly BatchSlot _slot;
    private readonly ImageChanger[] _workers;
    private readonly StrongBox<long> _ticks;
    private readonly Task _ahead;
    private volatile Exception? _fault;
    private int _taken, _filled;

    /// <summary>Begins on another thread.</summary>
    public BatchFilling(
        PixelStore store, ReadOnlyMemory<int> images, BatchPart? part, int seed, int epoch, Mixture? mixture, BatchSlot slot, ImageChanger[] workers,
        StrongBox<long> ticks)
    {
        (_store, _images, _seed, _epoch, _mixture, _slot, _workers, _ticks) = (store, images, seed, epoch, mixture, slot, workers, ticks);
        slot.Begin(images.Length, mixture, part);
        _pieces = mixture is not null ? (images.Length + 1) / 2 : images.Length;
        _ahead = Task.Run(() => Work(0));
    }

    /// <summary>The filled batch, where it is computed on. The caller helps where it is not ready, and so do further threads: it has nothing better to do.</summary>
    public BatchSlot Finish()
    {
        if (!_ahead.IsCompleted)
        {
            var left = Math.Min(_workers.Length, _pieces - Volatile.Read(ref _taken) + 1);
            var others = Enumerable.Range(2, Math.Max(0, left - 2)).Select(worker => Task.Run(() => Work(worker))).ToArray();
            Work(1);
            Task.WaitAll(others);
        }
        Wait();
        if (_fault is { } fault)
            ExceptionDispatchInfo.Throw(fault);
        return _slot;
    }

    /// <summary>Waits until no thread works on it any more.</summary>
    public void Wait() => _ahead.Wait();

    // Never throws: all threads must have ended before a fault goes on, which may free what they write to.
    private void Work(int worker)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var values = new BatchSlot.Values(_slot);
            for (int piece; _fault is null && (piece = Interlocked.Increment(ref _taken) - 1) < _pieces;)
            {
                Fill(piece, values, _workers[worker]);
                if (_mixture is { } mixture)
                    Mix(piece, mixture, values, _workers[worker]);
                if (Interlocked.Increment(ref _filled) == _pieces)
                    _slot.Upload();
            }
        }
        catch (Exception fault)
        {
            _fault = fault;
        }
        finally
        {
            Interlocked.Add(ref _ticks.Value, Stopwatch.GetTimestamp() - started);
        }
    }

    private void Fill(int at, BatchSlot.Values values, ImageChanger worker)
    {
        var image = _images.Span[at];
        if (_slot.IsRaw)
            worker.WriteRaw(image, _seed, _epoch, values.RawOf(at));
        else
            worker.Write(image, _seed, _epoch, values.PixelsOf(at));
        values.Labels[at] = _store.LabelOf(image);
    }

    private void Mix(int at, Mixture mixture, BatchSlot.Values values, ImageChanger worker)
    {
        var opposite = _images.Length - 1 - at;
        if (opposite != at)
        {
            Fill(opposite, values, worker);
            if (!_slot.IsRaw)
                mixture.Mix(values.PixelsOf(at), values.PixelsOf(opposite), _store.Shape);
        }
        Label(at, opposite, mixture, values);
        Label(opposite, at, mixture, values);
    }

    private void Label(int at, int partner, Mixture mixture, BatchSlot.Values values)
    {
        var (own, foreign) = (_store.LabelOf(_images.Span[at]), _store.LabelOf(_images.Span[partner]));
        mixture.Target(own, foreign, values.TargetsOf(at));
        values.Labels[at] = mixture.Share >= 0.5f ? own : foreign;
    }
}
