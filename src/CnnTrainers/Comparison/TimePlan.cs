namespace CnnTrainers.Comparison;

/// <summary>How many epochs the trials of an experiment are trained for, and in how many rungs.</summary>
internal static class TimePlan
{
    /// <summary>The epochs after which a trial's rung ends: a share of its whole training, so that the trials' learning rates have come equally far.</summary>
    public static int StopOf(int epochs, int rung, int top, int reduction) =>
        Math.Clamp((int)Math.Round(epochs / Math.Pow(reduction, top - rung)), 1, epochs);

    /// <summary>
    /// The longest trainings that the time allows: all trials may train equally long, up to the most epochs, so that the expensive ones get
    /// fewer. At worst the most expensive trials are those that go on. Several workers take, at worst, an equal share of all each and, while the
    /// others have nothing to do, the rest of the longest training (Graham's bound).
    /// </summary>
    /// <param name="secondsPerEpoch">What an epoch of each trial takes.</param>
    /// <param name="seconds">The time for all of them.</param>
    /// <param name="maxEpochs">The most epochs.</param>
    /// <param name="reduction">One in so many goes on from a rung.</param>
    /// <param name="top">The last rung.</param>
    /// <param name="workers">How many trials are trained at once.</param>
    /// <returns>The epochs of each trial's whole training.</returns>
    public static IReadOnlyList<int> Epochs(IReadOnlyList<double> secondsPerEpoch, double seconds, int maxEpochs, int reduction, int top, int workers = 1)
    {
        var (low, high) = (0d, secondsPerEpoch.Max() * maxEpochs);
        if (Time(high) <= seconds)
            low = high;
        for (var halvings = 0; halvings < 40 && low < high; halvings++)
        {
            var middle = (low + high) / 2;
            if (Time(middle) <= seconds)
                low = middle;
            else
                high = middle;
        }
        // A trial that has no time for its fewest epochs has them all the same, and is begun only where time is left over.
        return [.. secondsPerEpoch.Select(cost => Math.Max(EpochsIn(low, cost, maxEpochs), Fewest(maxEpochs, reduction)))];

        double Time(double each) => (Cost(secondsPerEpoch, each, maxEpochs, reduction, top) + (workers - 1) * each) / workers;
    }

    /// <summary>The last rung, from 0: as many rungs as leave one trial in the last, where each has an epoch more than the one before.</summary>
    public static int LastRung(int trials, int maxEpochs, int reduction)
    {
        var top = 0;
        for (long power = reduction; Math.Pow(reduction, top) < trials && power <= maxEpochs; power *= reduction)
            top++;
        return top;
    }

    // Below that an architecture has not shown what it can.
    private static int Fewest(int maxEpochs, int reduction) => Math.Min(maxEpochs, reduction);

    private static int EpochsIn(double seconds, double perEpoch, int maxEpochs) => perEpoch <= 0 ? maxEpochs : (int)Math.Min(maxEpochs, seconds / perEpoch + 1e-9);

    private static double Cost(IReadOnlyList<double> secondsPerEpoch, double each, int maxEpochs, int reduction, int top)
    {
        var trials = secondsPerEpoch.Select(cost => (cost, epochs: EpochsIn(each, cost, maxEpochs))).Where(trial => trial.epochs >= Fewest(maxEpochs, reduction)).ToList();
        var total = 0d;
        for (var (rung, left) = (0, trials.Count); rung <= top && trials.Count > 0; rung++, left = Math.Max(1, left / reduction))
            total += trials.Select(trial => trial.cost * (Stop(trial.epochs, rung) - Stop(trial.epochs, rung - 1))).OrderDescending().Take(left).Sum();
        return total;

        int Stop(int epochs, int rung) => rung < 0 ? 0 : StopOf(epochs, rung, top, reduction);
    }
}
