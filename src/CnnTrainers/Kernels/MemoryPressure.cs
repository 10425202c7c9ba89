namespace CnnTrainers.Kernels;

/// <summary>
/// Native memory that the garbage collector is told of until this is disposed or collected: who forgets to dispose a network then has it collected while there is
/// memory left. Without that the collector sees a few small objects.
/// </summary>
internal sealed class MemoryPressure : IDisposable
{
    private long _bytes;

    public MemoryPressure(long bytes)
    {
        _bytes = bytes;
        if (bytes > 0)
            GC.AddMemoryPressure(bytes);
    }

    ~MemoryPressure() => Remove();

    /// <inheritdoc/>
    public void Dispose()
    {
        Remove();
        GC.SuppressFinalize(this);
    }

    private void Remove()
    {
        if (Interlocked.Exchange(ref _bytes, 0) is > 0 and var bytes)
            GC.RemoveMemoryPressure(bytes);
    }
}
