using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Inference;

/// <summary>The threads of libtorch in a process that only scores; a fit sets them by its options.</summary>
internal static class ScoringThreads
{
    private static int _set;

    [ThreadStatic]
    private static bool _isAlone;

    /// <summary>Whether the calling thread scores by itself, whatever other cores there are: for a caller that has a thread for each of them.</summary>
    public static bool IsAlone
    {
        get => _isAlone;
        set => _isAlone = value;
    }

    /// <summary>Sets them to the physical cores, once, where libtorch came up with one. Later settings of anyone else's stay.</summary>
    public static void Ensure()
    {
        if (Interlocked.Exchange(ref _set, 1) == 0 && get_num_threads() == 1)
            set_num_threads(Machine.PhysicalCores);
    }
}
