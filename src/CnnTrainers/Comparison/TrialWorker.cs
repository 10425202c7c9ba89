using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace CnnTrainers.Comparison;

/// <summary>Does the work of one of several processes on a thread of its own, while the caller's talks to the others.</summary>
internal sealed class TrialWorker : IDisposable
{
    private readonly TrialContext _context;
    private readonly IReadOnlyList<Trial> _trials;
    private readonly TrialRunner _runner;
    private readonly BlockingCollection<TrialJob> _jobs = [];
    private readonly ConcurrentQueue<TrialMessage> _said = [];
    private readonly Thread _thread;
    private volatile ExceptionDispatchInfo? _fault;

    /// <param name="context">Of this process; its token ends the work.</param>
    /// <param name="trials">The trials, of which only what never changes is looked at.</param>
    public TrialWorker(TrialContext context, IReadOnlyList<Trial> trials)
    {
        (_context, _trials) = (context, trials);
        _runner = new TrialRunner(context, (trial, stop, done, epoch) => _said.Enqueue(new() { News = new(trial.Number, stop, done, epoch) }));
        _thread = new Thread(Work) { IsBackground = true, Name = nameof(TrialWorker) };
        _thread.Start();
    }

    /// <summary>Takes up a piece of work, when the last one is done.</summary>
    public void Begin(TrialJob job) => _jobs.Add(job);

    /// <summary>What it has to tell the first process; null: nothing.</summary>
    /// <exception cref="OutOfMemoryException">It cannot go on.</exception>
    public TrialMessage? Take()
    {
        _fault?.Throw();
        return _said.TryDequeue(out var message) ? message : null;
    }

    /// <summary>Waits for the end of the work under way.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        _thread.Join();
        _jobs.Dispose();
    }

    private void Work()
    {
        try
        {
            foreach (var job in _jobs.GetConsumingEnumerable())
                _said.Enqueue(new() { Outcome = Do(job) });
        }
        catch (Exception fault)
        {
            _fault = ExceptionDispatchInfo.Capture(fault);
        }
    }

    private TrialOutcome Do(TrialJob job)
    {
        var trial = _trials[job.Number - 1].At(job.Record);
        trial.Metrics = _context.MetricsOf(trial);
        try
        {
            var isReached = true;
            if (trial.Plan is null)
                new Baseline(_context).Run(trial);
            else if (job.Stop == 0)
                _runner.Measure(trial);
            else
                isReached = _runner.Run(trial, job.Stop, job.Deadline);
            return new(job.Number, trial.Record, isReached, false, null);
        }
        catch (OperationCanceledException) when (_context.Settings.CancellationToken.IsCancellationRequested)
        {
            return new(job.Number, trial.Record, false, true, null);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            (fault as CnnTrainingException)?.Best?.Network.Dispose();
            return new(job.Number, trial.Record, false, false, fault.Message);
        }
    }
}
