using System.Diagnostics;

namespace CnnTrainers.Training;

/// <summary>Takes the time of the training thread apart: every mark gives the time since the last one to a part of the step.</summary>
/// <param name="wait">Waits for a card before a part ends, which else is only asked for by then; null without a card.</param>
internal sealed class StepClock(Action? wait = null)
{
    private readonly long[] _ticks = new long[Enum.GetValues<Part>().Length];
    private long _last;

    /// <summary>The parts of a step.</summary>
    public enum Part
    {
        Waiting,
        Forward,
        Backward,
        Optimizer,
        Other,
    }

    /// <summary>Batches counted.</summary>
    public long Steps { get; private set; }

    /// <summary>Images counted.</summary>
    public long Images { get; private set; }

    /// <summary>Begins to count now.</summary>
    public void Start() => _last = Stopwatch.GetTimestamp();

    /// <summary>Ends a part.</summary>
    public void Mark(Part part)
    {
        wait?.Invoke();
        var now = Stopwatch.GetTimestamp();
        _ticks[(int)part] += now - _last;
        _last = now;
    }

    /// <summary>Counts a batch.</summary>
    public void Count(int images) => (Steps, Images) = (Steps + 1, Images + images);

    /// <summary>What has been counted.</summary>
    public TrainingProfile Profile(TimeSpan data, CnnPrecision precision)
    {
        double Seconds(Part part) => _ticks[(int)part] / (double)Stopwatch.Frequency;
        return new(Steps, Images, Seconds(Part.Waiting), Seconds(Part.Forward), Seconds(Part.Backward), Seconds(Part.Optimizer), Seconds(Part.Other),
            data.TotalSeconds, precision);
    }
}
