using System.Diagnostics;

namespace CnnTrainers.Cli.Serving;

/// <summary>
/// The images that wait for the network, which one thread takes from it, many at a time where many are there. It holds no more than so many: who finds
/// it full is told so at once.
/// </summary>
/// <remarks>
/// The network is never left idle for images that may come. Only where other images are being decoded at that moment does it wait for them,
/// 5 ms at most: they will be there, and two together cost less than one after the other.
/// </remarks>
internal sealed class ScoringQueue : IDisposable
{
    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(5);

    private readonly object _gate = new();
    private readonly Queue<(ScoringJob Job, long Since)> _waiting = [];
    private readonly ServiceMetrics _metrics;
    private readonly int _capacity, _batch;
    private readonly Thread _worker;
    private int _held, _coming; // images that have a place; those of them that are being decoded
    private bool _ended;

    public ScoringQueue(ServiceLimits limits, ServiceMetrics metrics)
    {
        (_capacity, _batch, _metrics) = (limits.Queue, limits.Batch, metrics);
        _worker = new Thread(Work) { IsBackground = true, Name = "scoring" };
        _worker.Start();
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

    /// <summary>Lets the thread end once nothing waits.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
        _worker.Join();
    }

    private void Work()
    {
        for (var jobs = new List<ScoringJob>(); Next(jobs);)
        {
            long start = Stopwatch.GetTimestamp();
            ScoringJob.Answer(jobs);
            _metrics.Scored(jobs.Count, Stopwatch.GetElapsedTime(start));
        }
    }

    private bool Next(List<ScoringJob> jobs)
    {
        jobs.Clear();
        lock (_gate)
        {
            while (jobs.Count == 0)
            {
                while (_waiting.Count == 0)
                {
                    if (_ended) return false;
                    Monitor.Wait(_gate);
                }
                WaitForOthers();
                while (jobs.Count < _batch && _waiting.TryPeek(out (ScoringJob Job, long) next) && (jobs.Count == 0 || jobs[0].GoesWith(next.Job)))
                {
                    _waiting.Dequeue();
                    if (next.Job.Cancel.IsCancellationRequested) next.Job.PassOver();
                    else jobs.Add(next.Job);
                }
            }
        }
        return true;
    }

    private void WaitForOthers()
    {
        while (_waiting.Count < _batch && _coming > 0 && _longestWait - Stopwatch.GetElapsedTime(_waiting.Peek().Since) is var left && left > TimeSpan.Zero)
            Monitor.Wait(_gate, left);
    }

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
                Monitor.Pulse(queue._gate);
            }
        }

        public void Dispose()
        {
            lock (queue._gate)
            {
                queue._held -= images;
                queue._coming -= images - _put;
                Monitor.Pulse(queue._gate);
            }
        }
    }
}
