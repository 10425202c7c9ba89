namespace CnnTrainers;

/// <summary>Where a trial of an experiment is.</summary>
public enum CnnTrialState
{
    /// <summary>Not begun; at the end: there was no time for it.</summary>
    Waiting,

    /// <summary>Being trained.</summary>
    Running,

    /// <summary>Trained for some epochs; goes on if it is among the better ones, or time is left. At the end: others were better, and there was no time for its whole training.</summary>
    Paused,

    /// <summary>Trained to the end.</summary>
    Finished,

    /// <summary>Stopped because the experiment's time was over; has a model where it got so far.</summary>
    OutOfTime,

    /// <summary>Stopped because the experiment was cancelled; has a model where it got so far.</summary>
    Cancelled,

    /// <summary>Ended by an exception.</summary>
    Failed,
}
