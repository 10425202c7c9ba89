using System.Diagnostics;
using CnnTrainers.Distributed;

namespace CnnTrainers.Comparison;

/// <summary>
/// The processes that share an experiment: the first tells every one, itself among them, what to do, and is told what came of it. All say each second
/// that they are there.
/// </summary>
internal sealed class TrialProcesses : IDisposable
{
    private const double Beat = 1, Patience = 20; // seconds; of one that is told nothing for so long, the process is taken for dead
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    private readonly Ranks _ranks;
    private readonly Mailbox _box;
    private readonly TrialWorker _worker;
    private readonly CancellationTokenSource _cancel;
    private readonly Dictionary<int, double> _silence; // seconds, of the others that are there
    private long _looked = Stopwatch.GetTimestamp();
    private bool _isCancelTold;
    private double _untold; // seconds since this one said that it is there

    /// <summary>All processes make one.</summary>
    /// <param name="context">What the trials share.</param>
    /// <param name="trials">The trials.</param>
    /// <param name="cancel">What the token of the context's settings belongs to.</param>
    public TrialProcesses(TrialContext context, IReadOnlyList<Trial> trials, CancellationTokenSource cancel)
    {
        (_ranks, _box, _cancel) = (context.Ranks, context.Ranks.OpenMailbox(), cancel);
        _silence = (_ranks.IsFirst ? Enumerable.Range(1, _ranks.Size - 1) : [0]).ToDictionary(rank => rank, _ => 0d);
        _worker = new TrialWorker(context, trials);
    }

    /// <summary>Those that are there, of the first: it last, as it has the others to see to.</summary>
    public IEnumerable<int> Present => [.. _silence.Keys, 0];

    /// <summary>Tells one of the processes what to do.</summary>
    public void Begin(int rank, TrialJob job)
    {
        if (rank == 0)
            _worker.Begin(job);
        else
            _box.Send(rank, new TrialMessage { Job = job }.ToJson());
    }

    /// <summary>
    /// Waits a moment for what the processes have to say. A process that has said nothing for long, or that it leaves, is not there any more: its
    /// message has a fault.
    /// </summary>
    public IEnumerable<(int Rank, TrialMessage Message)> Listen()
    {
        Thread.Sleep(_pause);
        while (_worker.Take() is { } own)
            yield return (0, own);
        while (Take() is var (rank, message))
        {
            if (message.Fault is not null)
                Lose(rank);
            yield return (rank, message);
        }
        Live();
        foreach (var rank in _silence.Where(one => one.Value > Patience).Select(one => one.Key).ToList())
        {
            Lose(rank);
            yield return (rank, new() { Fault = FormattableString.Invariant($"nothing was heard of it for {Patience} seconds") });
        }
    }

    /// <summary>Ends the work of all.</summary>
    public void Cancel()
    {
        _cancel.Cancel();
        if (!_isCancelTold)
            Tell(new() { IsCancelled = _isCancelTold = true });
    }

    /// <summary>Tells the others that the experiment is over, and waits until they know.</summary>
    public void End(Func<bool, TrialsEnd> end)
    {
        Tell(new() { End = end(_ranks.IsBroken) });
        var left = _silence.Keys.ToHashSet();
        while (left.Count > 0)
        {
            foreach (var (rank, message) in Listen())
                if (message.End is not null)
                    left.Remove(rank);
            left.IntersectWith(_silence.Keys);
        }
    }

    /// <summary>Tells the others that this process leaves, unless another is the reason.</summary>
    public void Abandon(Exception fault)
    {
        _cancel.Cancel();
        if (fault is not CnnRankException)
            Tell(new() { Fault = fault.Message });
    }

    /// <summary>Does what the first process says, until all is over.</summary>
    /// <exception cref="CnnRankException">The first process fails, or is not there any more.</exception>
    public TrialsEnd Serve()
    {
        while (true)
        {
            Thread.Sleep(_pause);
            while (Take() is var (_, message))
            {
                if (message.Fault is { } fault)
                    throw new CnnRankException(0, fault);
                if (message.IsCancelled)
                    _cancel.Cancel();
                if (message.Job is { } job)
                    _worker.Begin(job);
                if (message.End is { } end)
                    return Leave(end);
            }
            if (_silence[0] > Patience)
                throw new CnnRankException(0, FormattableString.Invariant($"nothing was heard of it for {Patience} seconds"));
            while (_worker.Take() is { } said)
                Tell(said);
            if (_cancel.IsCancellationRequested)
                Cancel();
            Live();
        }
    }

    /// <summary>Waits for the work under way: not long, where it was cancelled.</summary>
    public void Dispose()
    {
        _worker.Dispose();
        _box.Dispose();
    }

    private TrialsEnd Leave(TrialsEnd end)
    {
        if (end.IsBroken)
            _ranks.Break();
        Tell(new() { End = end with { Records = [] } });
        return end;
    }

    private (int Rank, TrialMessage Message)? Take()
    {
        while (_box.Take() is var (rank, bytes))
        {
            if (!_silence.ContainsKey(rank))
                continue; // taken for dead too early
            _silence[rank] = 0;
            return (rank, TrialMessage.FromJson(bytes));
        }
        return null;
    }

    private void Tell(TrialMessage message)
    {
        var bytes = message.ToJson();
        foreach (var rank in _silence.Keys)
            _box.Send(rank, bytes);
    }

    private void Lose(int rank)
    {
        _silence.Remove(rank);
        _ranks.Break();
    }

    // Only time in which this process was awake counts.
    private void Live()
    {
        var now = Stopwatch.GetTimestamp();
        var seconds = Math.Min(Beat, Stopwatch.GetElapsedTime(_looked, now).TotalSeconds);
        _looked = now;
        foreach (var rank in _silence.Keys.ToList())
            _silence[rank] += seconds;
        if ((_untold += seconds) < Beat)
            return;
        _untold = 0;
        Tell(new());
    }
}
