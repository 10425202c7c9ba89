using System.Globalization;

namespace CnnTrainers.Distributed;

/// <summary>What the program that started this process says of it, before MPI has begun.</summary>
internal static class Launcher
{
    // mpirun of Open MPI; srun with PMIx; mpiexec of MPICH, Intel MPI and MS-MPI, and srun with PMI2.
    private static readonly string[] _ranks = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"],
        _sizes = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"];

    /// <summary>Whether it is one of the processes of an MPI run.</summary>
    public static bool IsThere => Rank is not null && Size is not null;

    /// <summary>Its number.</summary>
    public static int? Rank => Number(_ranks);

    /// <summary>The number of processes.</summary>
    public static int? Size => Number(_sizes);

    /// <summary>Whether the launcher is MPICH's or a relative of it.</summary>
    public static bool IsMpich => Environment.GetEnvironmentVariable(_ranks[0]) is null && Environment.GetEnvironmentVariable("PMI_RANK") is not null;

    private static int? Number(string[] names) => names.Select(Environment.GetEnvironmentVariable)
        .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null).FirstOrDefault(number => number is not null);
}
