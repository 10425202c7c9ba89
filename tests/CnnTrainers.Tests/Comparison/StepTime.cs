namespace CnnTrainers.Tests.Comparison;

/// <summary>A clock that moves on by a hundredth of a second whenever it is looked at: an experiment looks once at every step.</summary>
/// <param name="slowLooks">At so many looks, the first ones, it moves on by half a second.</param>
internal sealed class StepTime(int slowLooks = 0) : TimeProvider
{
    private int _looks;
    private long _milliseconds;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Interlocked.Add(ref _milliseconds, Interlocked.Increment(ref _looks) <= slowLooks ? 500 : 10);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
