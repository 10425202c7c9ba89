using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.AllReduce;

/// <summary>How two processes of this machine exchange data, by options of Open MPI's mpirun.</summary>
internal sealed record Way(string Name, params IReadOnlyList<string> Options)
{
    private const string Single = "btl_vader_single_copy_mechanism";

    public static Way SharedMemory { get; } = new("shared memory", "--mca", "btl", "vader,self");

    /// <summary>What is left of it where a container forbids one process to read another's memory.</summary>
    public static Way InPieces { get; } = new("shared memory, two copies", "--mca", "btl", "vader,self", "--mca", Single, "none");

    public static Way Tcp { get; } = new("TCP over loopback", "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", "lo");

    public static IReadOnlyList<Way> All { get; } = [SharedMemory, InPieces, Tcp];

    /// <summary>A measurement of this program by several processes at once, of which the first prints its line.</summary>
    public Contender Run(int processes, params IEnumerable<string> what) => new(Name,
    [
        "env", "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "TERM=dumb",
        "mpirun", "-np", $"{processes}", "--oversubscribe", "--bind-to", "none", "--mca", "pml", "ob1", .. Options, .. Commands.Ours(what),
    ]);
}
