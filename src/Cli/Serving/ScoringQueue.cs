using System.Diagnostics;
using CnnTrainers.Inference;
using TorchSharp;

namespace CnnTrainers.Cli.Serving;

/// <summary>
/// The images that wait for the network, and the threads that score them, one for each core. It holds no more than so many images: who finds it full is told
/// so at once.
/// </summary>
/// <remarks>
/// Where fewer images wait than there are cores, and none is being scored, all cores work at these, which gives the soonest answer. Otherwise each thread takes
/// some through the whole network by itself: no core waits for another, nor an image for the end of a large batch that others are in. No thread waits for images
/// that may come, with one exception: where one would begin with all cores while others are being decoded, for 5 ms at most.
/// </remarks>
internal sealed class ScoringQueue : IDisposable
{
    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(5);

    private readonly object _gate = new();
    private readonly Queue<(ScoringJob Job, long Since)> _waiting = [];
    private readonly ServiceMetrics _metrics;
    private readonly int _capacity, _batch;
    private readonly Thread[] _threads;
    private int _held, _coming; // images that have a place; those of them that are being decoded
    private int _working; // threads that score by themselves
    private bool _together, _ended; // whether one thread scores with all cores

    public ScoringQueue(ServiceLimits limits, ServiceMetrics metrics)
    {
        (_capacity, _batch, _metrics) = (limits.Queue, limits.Batch, metrics);
        _threads = [.. Enumerable.Range(0, torch.get_num_threads()).Select(i => new Thread(() => Work(isFirst: i == 0)) { IsBackground = true, Name = "scoring" })];
        foreach (Thread thread in _threads) thread.Start();
    }

    /// <summary>Images that have a place.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Takes places for images that will be decoded now.</summary>
    /// <exception cref="RequestProblem">There are not so many left.</exception>
    public Places Take(int images)
    {
        lock (_gate)
        {
            if (_held + images > _capacity)
                throw RequestProblem.Busy($"{_held} images are waiting; {_capacity} may, and this request has {images}.", Math.Max(1, (int)Math.Ceiling(_held / Math.Max(1, _metrics.ImagesPerSecond))));
            _held += images;
            _coming += images;
            return new Places(this, images);
        }
    }

    /// <summary>Lets the threads end once nothing waits.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
        foreach (Thread thread in _threads) thread.Join();
    }

    private void Work(bool isFirst)
    {
        float[] memory = [];
        for (var jobs = new List<ScoringJob>(); Next(jobs, isFirst, out bool together);)
        {
            long start = Stopwatch.GetTimestamp();
            ScoringThreads.IsAlone = !together;
            ScoringJob.Answer(jobs, ref memory);
            _metrics.Scored(jobs.Count, Stopwatch.GetElapsedTime(start));
            lock (_gate)
            {
                if (together) _together = false;
                else _working--;
                Monitor.PulseAll(_gate);
            }
        }
    }

    // The first thread alone has libtorch's others at its command: each that has them gets others of its own.
    private bool Next(List<ScoringJob> jobs, bool isFirst, out bool together)
    {
        jobs.Clear();
        lock (_gate)
        {
            while (true)
            {
                PassOver();
                if (_waiting.Count > 0 && !_together)
                {
                    int alone = _waiting.Peek().Job.BatchOfThread;
                    together = alone == 0 || (_working == 0 && _waiting.Count < _threads.Length);
                    if (!together) return Take(jobs, Math.Min(alone, (_waiting.Count + _threads.Length - 1) / _threads.Length));
                    if (isFirst && _working == 0)
                    {
                        if (alone > 0 && WaitForOthers()) continue;
                        return Take(jobs, _batch, together: true);
                    }
                }
                else if (_waiting.Count == 0 && _ended)
                {
                    together = false;
                    return false;
                }
                Monitor.Wait(_gate);
            }
        }
    }

    private bool Take(List<ScoringJob> jobs, int most, bool together = false)
    {
        for (; jobs.Count < most && _waiting.TryPeek(out (ScoringJob Job, long) next) && (jobs.Count == 0 || jobs[0].GoesWith(next.Job)); PassOver()) jobs.Add(_waiting.Dequeue().Job);
        if (together) _together = true;
        else _working++;
        return true;
    }

    private void PassOver()
    {
        while (_waiting.TryPeek(out (ScoringJob Job, long) next) && next.Job.Cancel.IsCancellationRequested) _waiting.Dequeue().Job.PassOver();
    }

    // Whether something happened meanwhile, so that the choice is to be made again.
    private bool WaitForOthers() =>
        _coming > 0 && _longestWait - Stopwatch.GetElapsedTime(_waiting.Peek().Since) is var left && left > TimeSpan.Zero && Monitor.Wait(_gate, left);

    /// <summary>Places in the queue, of one request.</summary>
    internal sealed class Places(ScoringQueue queue, int images) : IDisposable
    {
        private int _put;

        /// <summary>Puts a decoded image into its place.</summary>
        public void Put(ScoringJob job)
        {
            lock (queue._gate)
            {
                _put++;
                queue._coming--;
                queue._waiting.Enqueue((job, Stopwatch.GetTimestamp()));
                Monitor.PulseAll(queue._gate);
            }
        }

        public void Dispose()
        {
            lock (queue._gate)
            {
                queue._held -= images;
                queue._coming -= images - _put;
                Monitor.PulseAll(queue._gate);
            }
        }
    }
}
