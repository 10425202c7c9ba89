using System.CommandLine;

namespace CnnTrainers.Cli.Commands;

/// <summary>The options of <c>cnn train</c> that say how several processes train one network.</summary>
internal sealed class DistributedArguments
{
    private const string Auto = "auto", Mpi = "mpi", None = "none";

    private readonly Option<string> _distributed = new("--distributed")
    {
        Description = "Whether the processes that mpirun, mpiexec or srun started train one network together: auto, where they are several; mpi; none, the first trains alone.",
        DefaultValueFactory = _ => Auto,
    };

    private readonly Option<bool> _batchPerRank = new("--batch-size-per-rank") { Description = "The batch size is each process's own, not that of all together." };
    private readonly Option<bool> _syncNorms = new("--sync-norms") { Description = "Batch norms take mean and variance over the batch of all processes, not over each one's own." };

    public DistributedArguments(Command command)
    {
        _distributed.AcceptOnlyFromAmong(Auto, Mpi, None);
        foreach (Option option in (Option[])[_distributed, _batchPerRank, _syncNorms]) command.Add(option);
    }

    /// <summary>Whether several processes share the training.</summary>
    public bool AreWanted(ParseResult parsed) => parsed.GetValue(_distributed) switch { Auto => AreSeveral(), Mpi => true, _ => false };

    /// <summary>The options with what the command line says about them.</summary>
    public CnnTrainerOptions Apply(CnnTrainerOptions options, ParseResult parsed) => options with
    {
        Distributed = AreWanted(parsed) ? CnnDistributed.Mpi with { BatchSizePerRank = parsed.GetValue(_batchPerRank), SynchronizedNorms = parsed.GetValue(_syncNorms) } : null,
    };

    // Slurm starts processes without MPI too: each would believe that it is alone, and all would write the same files.
    private static bool AreSeveral()
    {
        if (!CnnDistributed.IsLaunched && Environment.GetEnvironmentVariable("SLURM_STEP_NUM_TASKS") is { } tasks and not "1")
            throw new CliException($"srun has started {tasks} processes without MPI, which know nothing of each other. srun --mpi=pmix (or pmi2) makes them train one network; --distributed none lets each train its own.", ExitCode.Usage);
        return CnnDistributed.Size > 1;
    }
}
