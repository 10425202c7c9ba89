using System.Runtime.Versioning;
using CnnTrainers.Devices;
using static TorchSharp.torch;

namespace CnnTrainers.Distributed;

/// <summary>Numbers of the processes of one machine, in memory that all of them have: each adds up a part of them for all.</summary>
internal sealed class SharedSums : IDisposable
{
    private const string Folder = "/dev/shm"; // Linux has files that are memory there
    private const int AtOnce = 1 << 15; // numbers: they stay in a core's cache while all processes' are added

    private readonly Ranks _ranks;
    private readonly Tensor[] _numbers; // by rank

    private SharedSums(Ranks ranks, Tensor all) =>
        (_ranks, _numbers) = (ranks, [.. Enumerable.Range(0, ranks.Size).Select(rank => all.select(0, rank).DetachFromDisposeScope())]);

    /// <summary>This process's numbers, zero at first: what it writes is what others add, and then the sums.</summary>
    public Tensor Own => _numbers[_ranks.Rank];

    /// <summary>Makes room; null where the processes have no memory in common, or too little of it. All of them call it.</summary>
    /// <param name="ranks">The processes.</param>
    /// <param name="count">How many numbers each has.</param>
    public static SharedSums? TryCreate(Ranks ranks, long count)
    {
        if (ranks.Any(ranks.LocalSize < ranks.Size || !Directory.Exists(Folder)))
            return null;
        var path = ranks.Broadcast(OperatingSystem.IsLinux() && ranks.IsFirst ? TryMakeFile(ranks.Size * count * sizeof(float)) : null);
        if (path is null)
            return null;
        using var scope = NewDisposeScope();
        Tensor? all = null;
        // Two containers may have a file system each.
        if (File.Exists(path))
            all = ComputeDevice.OfFile(path, ranks.Size * count);
        var isLacking = ranks.Any(all is null);
        if (ranks.IsFirst)
            File.Delete(path); // the memory stays as long as somebody has it
        return isLacking ? null : new(ranks, all!.view(ranks.Size, count));
    }

    /// <summary>Adds up some of the numbers of all processes, which all get. All of them call it.</summary>
    /// <param name="ranks">The processes, as they talk on this thread.</param>
    /// <param name="start">The first of the numbers.</param>
    /// <param name="count">How many.</param>
    public void Sum(Ranks ranks, long start, long count)
    {
        ranks.Meet(); // everybody's numbers are there
        var (from, end) = (start + count * ranks.Rank / ranks.Size, start + count * (ranks.Rank + 1) / ranks.Size);
        for (var at = from; at < end; at += AtOnce)
            SumFor(at, Math.Min(AtOnce, end - at));
        ranks.Meet(); // and now their sums
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var numbers in _numbers)
            numbers.Dispose();
    }

    private void SumFor(long at, long count)
    {
        using var scope = NewDisposeScope();
        var sum = Own.narrow(0, at, count);
        List<Tensor> others = [.. _numbers.Where((_, rank) => rank != _ranks.Rank).Select(numbers => numbers.narrow(0, at, count))];
        others.ForEach(other => sum.add_(other));
        others.ForEach(other => other.copy_(sum));
    }

    // Its room is taken here: where there is too little, the first write would end the process.
    [SupportedOSPlatform("linux")]
    private static string? TryMakeFile(long bytes)
    {
        var path = Path.Combine(Folder, $"cnntrainers-{Guid.NewGuid():N}");
        try
        {
            File.Open(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = bytes, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(path);
            return null;
        }
    }
}
