namespace CnnTrainers.Estimators;

/// <summary>How much memory the machine can still give.</summary>
internal static class FreeMemory
{
    /// <summary>Half of it, in bytes: what training images may take unless the options say otherwise.</summary>
    public static long Half()
    {
        // The collector's own limit knows of containers; the load is the whole machine's, as of the last collection.
        var memory = GC.GetGCMemoryInfo();
        var load = memory.MemoryLoadBytes > 0 ? memory.MemoryLoadBytes : Environment.WorkingSet;
        return Math.Max(memory.TotalAvailableMemoryBytes - load, memory.TotalAvailableMemoryBytes / 8) / 2;
    }
}
