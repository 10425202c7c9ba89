namespace CnnTrainers.Kernels;

/// <summary>
/// How libtorch's threads wait for each other. GCC's OpenMP, which comes with libtorch on Linux, has them spin for some milliseconds before they sleep;
/// where two programs share the cores, each then spins on the core that the other needs.
/// </summary>
internal static class ThreadWaiting
{
    // About 10 µs: most threads of a step come within that, and the others lose no more than it takes to wake one.
    private const string Spins = "4000";

    /// <summary>
    /// Has them sleep soon, where the environment does not say how they wait. It is read when libtorch is loaded: later calls change nothing.
    /// </summary>
    public static void MakePolite()
    {
        if (!OperatingSystem.IsLinux() || Array.Exists(["GOMP_SPINCOUNT", "OMP_WAIT_POLICY"], name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }))
            return;
        try
        {
            NativeEnvironment.Set("GOMP_SPINCOUNT", Spins);
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
        {
            // Threads then wait as they always did.
        }
    }
}
