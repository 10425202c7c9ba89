namespace CnnTrainers.Training;

/// <summary>What the machine has.</summary>
internal static class Machine
{
    /// <summary>
    /// Physical cores that this process may use. A second thread on a core only takes the first one's registers and cache from it.
    /// </summary>
    public static int PhysicalCores { get; } = Math.Clamp(CountCores("/sys/devices/system/cpu"), 1, Environment.ProcessorCount);

    /// <summary>Half of the memory that is free now, in bytes: the default budget for training images.</summary>
    public static long DefaultMemoryBudget() => FreeMemory() / 2;

    // Linux tells which logical processors share a core; elsewhere each counts.
    internal static int CountCores(string folder)
    {
        try
        {
            var cores = Directory.GetDirectories(folder, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list")).Where(File.Exists)
                .Select(File.ReadAllText).Distinct().Count();
            return cores > 0 ? cores : Environment.ProcessorCount;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessorCount;
        }
    }

    private static long FreeMemory()
    {
        var info = GC.GetGCMemoryInfo();
        var free = Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
        if (!File.Exists("/proc/meminfo"))
            return free;
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        var available = line is null ? free : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
        return Math.Min(available, info.TotalAvailableMemoryBytes); // the latter knows of a container's limit
    }
}
