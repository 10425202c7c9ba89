using System.Runtime.InteropServices;
using CnnTrainers.Kernels;

namespace CnnTrainers.Distributed;

/// <summary>
/// The functions of the MPI library that the launcher of this process belongs to, called as they are. Handles are pointers in Open MPI and
/// numbers in MPICH, Intel MPI and MS-MPI, which the same 64 bits hold; the constants of both are here and nowhere else.
/// </summary>
internal sealed unsafe class Mpi
{
    /// <summary>The level of thread support that lets any thread call at any time.</summary>
    public const int ThreadMultiple = 3;

    private const string Variable = "CNN_MPI_LIBRARY";
    private static readonly Lazy<Mpi> _loaded = new(Load);
    private readonly nint _library;
    private readonly bool _isOpenMpi;

    private Mpi(nint library, string name)
    {
        (_library, Name) = (library, name);
        _isOpenMpi = NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _);
        World = Constant("ompi_mpi_comm_world", 0x44000000);
        Byte = Constant("ompi_mpi_byte", 0x4c00010d);
        Int32 = Constant("ompi_mpi_int", 0x4c000405);
        Float32 = Constant("ompi_mpi_float", 0x4c00040a);
        Float64 = Constant("ompi_mpi_double", 0x4c00080b);
        Sum = Constant("ompi_mpi_op_sum", 0x58000003);
        Max = Constant("ompi_mpi_op_max", 0x58000001);
        InPlace = _isOpenMpi ? 1 : -1;
        AnySource = _isOpenMpi ? -1 : -2;
        _ignored = _isOpenMpi ? 0 : 1;
        _shared = _isOpenMpi ? 0 : 1;
        _noInfo = Constant("ompi_mpi_info_null", 0x1c000000);
        _errorsReturn = Constant("ompi_mpi_errors_return", 0x54000001);
    }

    private readonly nint _ignored, _noInfo, _errorsReturn;
    private readonly int _shared;

    /// <summary>The library of this process.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message says what to install.</exception>
    public static Mpi Loaded => _loaded.Value;

    /// <summary>The library's file.</summary>
    public string Name { get; }

    public nint World { get; }

    public nint Byte { get; }

    public nint Int32 { get; }

    public nint Float32 { get; }

    public nint Float64 { get; }

    public nint Sum { get; }

    public nint Max { get; }

    public nint InPlace { get; }

    public int AnySource { get; }

    /// <summary>Begins MPI in this process, where nobody has.</summary>
    /// <returns>The level of thread support.</returns>
    public int Initialize()
    {
        int done, level;
        Check(((delegate* unmanaged<int*, int>)Function("MPI_Initialized"))(&done));
        if (done != 0)
            Check(((delegate* unmanaged<int*, int>)Function("MPI_Query_thread"))(&level));
        else
            Check(((delegate* unmanaged<nint, nint, int, int*, int>)Function("MPI_Init_thread"))(0, 0, ThreadMultiple, &level));
        ReturnErrors(World);
        return level;
    }

    /// <summary>Ends MPI; every process of the run has to.</summary>
    public void End()
    {
        int done;
        if (((delegate* unmanaged<int*, int>)Function("MPI_Finalized"))(&done) == 0 && done == 0)
            ((delegate* unmanaged<int>)Function("MPI_Finalize"))();
    }

    public int RankIn(nint group)
    {
        int rank;
        Check(((delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_rank"))(group, &rank));
        return rank;
    }

    public int SizeOf(nint group)
    {
        int size;
        Check(((delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_size"))(group, &size));
        return size;
    }

    /// <summary>The same processes once more, whose messages are apart from those of the first.</summary>
    public nint Copy(nint group)
    {
        nint copy = 0;
        Check(((delegate* unmanaged<nint, nint*, int>)Function("MPI_Comm_dup"))(group, &copy));
        ReturnErrors(copy);
        return copy;
    }

    /// <summary>Forgets a copy; every process of it has to.</summary>
    public void Free(nint group) => Check(((delegate* unmanaged<nint*, int>)Function("MPI_Comm_free"))(&group));

    /// <summary>Those of the processes that share this one's memory.</summary>
    public nint OfThisMachine(nint group)
    {
        nint local = 0;
        Check(((delegate* unmanaged<nint, int, int, nint, nint*, int>)Function("MPI_Comm_split_type"))(group, _shared, 0, _noInfo, &local));
        return local;
    }

    /// <summary>Lets others know that this process is here; see <see cref="IsDone"/>.</summary>
    public nint Arrive(nint group)
    {
        nint request = 0;
        Check(((delegate* unmanaged<nint, nint*, int>)Function("MPI_Ibarrier"))(group, &request));
        return request;
    }

    public nint BeginSend(void* values, int count, int to, int tag, nint group)
    {
        nint request = 0;
        Check(((delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Function("MPI_Isend"))(values, count, Byte, to, tag, group, &request));
        return request;
    }

    public nint BeginReceive(void* values, int count, int from, int tag, nint group)
    {
        nint request = 0;
        Check(((delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Function("MPI_Irecv"))(values, count, Byte, from, tag, group, &request));
        return request;
    }

    /// <summary>Whether what was begun is over; the request is gone then.</summary>
    public bool IsDone(ref nint request)
    {
        int done;
        fixed (nint* place = &request)
            Check(((delegate* unmanaged<nint*, int*, nint, int>)_test)(place, &done, _ignored));
        return done != 0;
    }

    /// <summary>Takes back what was begun.</summary>
    public void Cancel(ref nint request)
    {
        if (IsDone(ref request))
            return;
        fixed (nint* place = &request)
        {
            Check(((delegate* unmanaged<nint*, int>)Function("MPI_Cancel"))(place));
            Check(((delegate* unmanaged<nint*, nint, int>)Function("MPI_Wait"))(place, _ignored));
        }
    }

    public void AllReduce(void* values, int count, nint type, nint operation, nint group) =>
        Check(((delegate* unmanaged<nint, void*, int, nint, nint, nint, int>)Function("MPI_Allreduce"))(InPlace, values, count, type, operation, group));

    public void Broadcast(void* values, int count, int from, nint group) =>
        Check(((delegate* unmanaged<void*, int, nint, int, nint, int>)Function("MPI_Bcast"))(values, count, Byte, from, group));

    public void AllGather(void* own, int count, void* all, int* counts, int* places, nint group) =>
        Check(((delegate* unmanaged<void*, int, nint, void*, int*, int*, nint, nint, int>)Function("MPI_Allgatherv"))(own, count, Byte, all, counts, places, Byte, group));

    public void AllToAll(void* sent, int* sentCounts, int* sentPlaces, void* received, int* counts, int* places, nint group) =>
        Check(((delegate* unmanaged<void*, int*, int*, nint, void*, int*, int*, nint, nint, int>)Function("MPI_Alltoallv"))(
            sent, sentCounts, sentPlaces, Byte, received, counts, places, Byte, group));

    private nint _testFunction;

    private nint _test => _testFunction != 0 ? _testFunction : _testFunction = Function("MPI_Test");

    private static Mpi Load()
    {
        // Open MPI reports a segmentation fault by itself unless it is told not to; .NET makes exceptions of those.
        if (!OperatingSystem.IsWindows())
        {
            NativeEnvironment.Set("OMPI_MCA_opal_signal", "", overwrite: true);
            NativeEnvironment.Set("OMPI_MCA_mpi_yield_when_idle", "1"); // who waits leaves the core to who computes
        }
        foreach (var name in Candidates())
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "MPI_Init_thread", out _))
                return new(library, name);
        throw new InvalidOperationException(
            $"There is no MPI library, which Distributed = Mpi needs. {Advice} Looked for: {string.Join(", ", Candidates())}; the environment variable {Variable} may name another.");
    }

    private static string Advice => OperatingSystem.IsWindows()
        ? "Install Microsoft MPI (msmpisetup.exe) and start the program with mpiexec."
        : "Install Open MPI (Debian, Ubuntu: apt install openmpi-bin; RHEL: dnf install openmpi) or MPICH, and start the program with mpirun.";

    // Where several are installed, the launcher's own.
    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return [given];
        if (OperatingSystem.IsWindows())
            return ["msmpi.dll"];
        string[] open = ["libmpi.so.40", "libmpi.so.80"], mpich = ["libmpich.so.12", "libmpi.so.12"], mac = ["libmpi.dylib"];
        return Launcher.IsMpich ? [.. mpich, .. open, .. mac, "libmpi.so"] : [.. open, .. mpich, .. mac, "libmpi.so"];
    }

    private void ReturnErrors(nint group) => ((delegate* unmanaged<nint, nint, int>)Function("MPI_Comm_set_errhandler"))(group, _errorsReturn);

    private nint Constant(string ofOpenMpi, int ofMpich) => _isOpenMpi ? NativeLibrary.GetExport(_library, ofOpenMpi) : ofMpich;

    private nint Function(string name) => NativeLibrary.GetExport(_library, name);

    private void Check(int code)
    {
        if (code == 0)
            return;
        const int longest = 1024; // MPI_MAX_ERROR_STRING is less everywhere
        var text = stackalloc byte[longest];
        int length;
        ((delegate* unmanaged<int, byte*, int*, int>)Function("MPI_Error_string"))(code, text, &length);
        throw new InvalidOperationException($"{Name} failed: {Marshal.PtrToStringUTF8((nint)text, length)}");
    }
}
