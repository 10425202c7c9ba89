using CnnTrainers.Distributed;

namespace CnnTrainers;

/// <summary>
/// How a fit is shared by several processes, each with its own part of the images: on one machine or on many, started together by
/// <c>mpirun</c>, <c>mpiexec</c> or <c>srun</c>. Every process runs the same program and makes the same network; see docs/distributed.md.
/// </summary>
public sealed record CnnDistributed
{
    private CnnDistributed() { }

    /// <summary>
    /// By MPI: Open MPI, MPICH, Intel MPI or MS-MPI, whichever started the process. Without a launcher the process is the only one.
    /// </summary>
    public static CnnDistributed Mpi { get; } = new();

    /// <summary>
    /// Whether <see cref="CnnTrainerOptions.BatchSize"/> is each process's own, so that a step learns from as many times the images as there
    /// are processes. Default false: it is of all processes together, and the result does not depend on their number.
    /// </summary>
    public bool BatchSizePerRank { get; init; }

    /// <summary>
    /// Whether batch norms (<c>BatchNorm2d</c> with a momentum) take mean and variance over the batch of all processes, as if it were one; each norm then waits for the others, twice
    /// a step. Default false: each process's over its own part of the batch. Running averages are joined after every epoch in any case.
    /// </summary>
    public bool SynchronizedNorms { get; init; }

    /// <summary>Whether this process was started by an MPI launcher, with others or alone.</summary>
    public static bool IsLaunched => Launcher.IsThere;

    /// <summary>This process's number, from 0, as the launcher says it. The one with 0 is the one to log, save and report. 0 where no launcher started it.</summary>
    public static int Rank => IsLaunched ? Launcher.Rank!.Value : 0;

    /// <summary>The number of processes, as the launcher says it; 1 where no launcher started this one.</summary>
    public static int Size => IsLaunched ? Launcher.Size!.Value : 1;

    /// <summary>
    /// Whether a process has died and the others went on, as they do in a <see cref="CnnExperiment"/>. <see cref="Gather"/> and shared fits would wait for it for ever.
    /// </summary>
    public static bool IsBroken => IsLaunched && Ranks.HasBegun && Ranks.Mpi.IsBroken;

    /// <summary>Begins MPI, which is otherwise begun where it is first needed. All processes have to, or none.</summary>
    /// <exception cref="InvalidOperationException">There is no MPI library, or it is not the launcher's; the message says what to do.</exception>
    public static void Start() => _ = Ranks.Mpi;

    /// <summary>Gives every process what each has. All processes call it, each the same number of times.</summary>
    /// <param name="own">What this one has.</param>
    /// <returns>What each has, by rank.</returns>
    /// <exception cref="CnnRankException">Another process has failed meanwhile.</exception>
    public static IReadOnlyList<byte[]> Gather(ReadOnlySpan<byte> own) => Current.Gather(own);

    /// <summary>Tells the other processes that this one cannot go on, so that they end with its message instead of waiting for it.</summary>
    /// <param name="fault">Why; or what another process said, which the first one passes on.</param>
    /// <returns>
    /// Whether it is for this process to report it, so that one does. It is for the first, its own fault or another's; where that one does not
    /// hear of it within two seconds, it is for the one that failed.
    /// </returns>
    public static bool Fail(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Current.Fail(fault);
        return Current.Reports(fault);
    }

    private static Ranks Current => IsLaunched ? Ranks.Mpi : Ranks.Alone;
}
