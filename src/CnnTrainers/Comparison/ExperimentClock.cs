using System.Globalization;

namespace CnnTrainers.Comparison;

/// <summary>The time that an experiment has taken over all its runs: written to a file every half second, as a run may die at any moment.</summary>
internal sealed class ExperimentClock : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly string? _path;
    private readonly Lock _gate = new();
    private readonly ITimer? _timer;
    private double _before;
    private long _start;
    private bool _disposed;

    /// <summary>Goes on from what the file says; without a file, from nothing, for another process to set.</summary>
    public ExperimentClock(string? path, TimeProvider time)
    {
        (_path, Time, _start) = (path, time, time.GetTimestamp());
        if (path is null)
            return;
        _before = File.Exists(path) && double.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
        _timer = time.CreateTimer(_ => Write(), null, Interval, Interval);
    }

    /// <summary>What measures the time.</summary>
    public TimeProvider Time { get; }

    /// <summary>Seconds so far.</summary>
    public double Seconds => _before + Time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Sets it.</summary>
    public void Set(double seconds) => (_before, _start) = (seconds, Time.GetTimestamp());

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_timer is null)
            return;
        _timer.Dispose();
        Write();
        lock (_gate)
            _disposed = true;
    }

    private void Write()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            try
            {
                var unfinished = _path! + ".tmp"; // not forced to the disk: it is to outlive the process, not the machine
                File.WriteAllText(unfinished, Seconds.ToString("F3", CultureInfo.InvariantCulture));
                File.Move(unfinished, _path!, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next one may succeed; a full disk stops the trials with an error of its own.
            }
        }
    }
}
