namespace CnnTrainers.Bench.AllReduce;

/// <summary>The speed to expect of a fit on several machines like this one. docs/distributed.md explains the formula.</summary>
/// <param name="Network">Whose fit.</param>
/// <param name="Precision">In which it computes.</param>
/// <param name="Parameters">Its numbers, each of 4 bytes when gradients are summed.</param>
/// <param name="Batch">Images of a step, on each machine.</param>
/// <param name="Step">Seconds of a step on one machine.</param>
/// <param name="Backward">The part of it in which gradients are computed, and can be sent.</param>
/// <param name="Software">Bytes per second that a process can send and receive at most, whatever the wire.</param>
/// <param name="Cores">How many compute; while a sum is under way, one of them is busy with it.</param>
/// <param name="Small">Seconds of a sum of 8 bytes between two.</param>
internal sealed record Cluster(
    string Network, string Precision, long Parameters, int Batch, double Step, double Backward, int Cores, double Software, double Small)
{
    // Of an Ethernet frame's 1538 bytes on the wire (preamble and gap included) TCP's payload, with time stamps.
    private const double Payload = 1448.0 / 1538;

    public static IReadOnlyList<int> Machines { get; } = [1, 2, 4, 8, 16, 32, 64];

    public static IReadOnlyList<double> GigabitsPerSecond { get; } = [1, 10];

    /// <summary>Bytes that a process sends, and as many that it receives, to sum gradients.</summary>
    public double Sent(int machines) => Share(machines) * sizeof(float) * Parameters;

    /// <summary>The same for each byte that is summed.</summary>
    public static double Share(int machines) => 2 * (machines - 1.0) / machines;

    public double SecondsOfStep(int machines, double gigabits)
    {
        if (machines == 1)
            return Step;
        double communication = Sent(machines) / Math.Min(gigabits * 1e9 / 8 * Payload, Software);
        return Step * (1 - Backward) + Math.Max(Step * Backward + communication / Cores, communication) + Math.Ceiling(Math.Log2(machines)) * Small;
    }

    public double ImagesPerSecond(int machines, double gigabits) => machines * Batch / SecondsOfStep(machines, gigabits);

    /// <summary>How many times as fast as one machine.</summary>
    public double SpeedUp(int machines, double gigabits) => machines * Step / SecondsOfStep(machines, gigabits);
}
