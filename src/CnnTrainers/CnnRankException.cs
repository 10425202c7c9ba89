namespace CnnTrainers;

/// <summary>Another process of a distributed run has failed, and the run with it. The message is that process's own.</summary>
public sealed class CnnRankException : InvalidOperationException
{
    internal CnnRankException(int rank, string message) : base($"rank {rank}: {message}") => Rank = rank;

    /// <summary>The process that failed, from 0.</summary>
    public int Rank { get; }
}
