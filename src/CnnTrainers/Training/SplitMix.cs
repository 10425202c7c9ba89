namespace CnnTrainers.Training;

/// <summary>
/// Steele's SplitMix64: a generator cheap enough to have one for every image of every epoch, so that augmentation depends on neither the
/// order of the images nor the threads.
/// </summary>
internal struct SplitMix
{
    private ulong _state;

    /// <summary>A generator for one purpose; equal arguments give equal sequences.</summary>
    public SplitMix(int seed, int epoch = 0, int item = 0)
    {
        _state = (ulong)(uint)seed;
        _state = Next() ^ (uint)epoch;
        _state = Next() ^ (uint)item;
    }

    /// <summary>A seed for one step of a fit; equal arguments give equal seeds.</summary>
    public static long Of(int seed, long step) => (long)new SplitMix(seed, (int)(step >> 32), (int)step).Next();

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>An integer from 0 up to but not <paramref name="bound"/>. Biased by less than bound / 2^32.</summary>
    public int Next(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>The numbers from 0 to <paramref name="count"/> - 1 in random order.</summary>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
