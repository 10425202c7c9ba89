namespace CnnTrainers.Comparison;

/// <summary>
/// Which trial is run next: the rule of ASHA (Li et al., arXiv:1810.05934, algorithm 2) for one worker. A trial may be promoted as soon as it
/// is among the best of those that completed its rung, one in so many as the reduction. Unlike there, new trials come before promotions:
/// all trials are known, and one worker gains nothing by promoting before it has seen them. Where there is no time for a new one, nobody
/// waits for it.
/// </summary>
/// <param name="reduction">One in so many is promoted.</param>
/// <param name="top">The last rung, from 0, which ends at the whole training.</param>
internal sealed class Halving(int reduction, int top)
{
    /// <summary>How a trial stands.</summary>
    /// <param name="Rungs">Its value at the end of every rung that it has completed; more is better.</param>
    /// <param name="IsOver">Whether it cannot go on: it failed, or ended before its last rung.</param>
    internal readonly record struct Standing(IReadOnlyList<double> Rungs, bool IsOver)
    {
        public int Rung => Rungs.Count - 1;
    }

    /// <summary>The trials that may be run next, by index, the first one first; none where all is done.</summary>
    public IEnumerable<int> Next(IReadOnlyList<Standing> trials)
    {
        for (var index = 0; index < trials.Count; index++)
            if (trials[index].Rung < 0 && !trials[index].IsOver)
                yield return index;
        for (var rung = top - 1; rung >= 0; rung--)
            foreach (var index in Promotable(trials, rung))
                yield return index;
    }

    /// <summary>
    /// The trials that have begun and could go on, the best of the highest rung first: who goes on where too few are left for the rule, as
    /// one must come to the end.
    /// </summary>
    public IEnumerable<int> Leaders(IReadOnlyList<Standing> trials) => Enumerable.Range(0, trials.Count)
        .Where(index => trials[index] is { Rung: >= 0, IsOver: false } trial && trial.Rung < top)
        .OrderByDescending(index => trials[index].Rung)
        .ThenByDescending(index => trials[index].Rungs[^1]);

    private IEnumerable<int> Promotable(IReadOnlyList<Standing> trials, int rung)
    {
        var completed = Enumerable.Range(0, trials.Count).Where(index => trials[index].Rung >= rung).OrderByDescending(index => trials[index].Rungs[rung]).ToList();
        return completed.Take(completed.Count / reduction).Where(index => trials[index].Rung == rung && !trials[index].IsOver);
    }
}
