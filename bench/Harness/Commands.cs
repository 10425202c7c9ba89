namespace CnnTrainers.Bench.Harness;

/// <summary>Commands that measure: this program as a child of itself, and the peers' scripts.</summary>
internal static class Commands
{
    // By its full path: a Python of the user's own, first on PATH, lacks Debian's PyTorch.
    private const string Python = "/usr/bin/python3";

    public static IReadOnlyList<string> Ours(params IEnumerable<string> arguments) =>
        [Environment.ProcessPath!, typeof(Commands).Assembly.Location, "child", .. arguments];

    /// <summary>This program as a peer of ours: with it, but without our kernels in libtorch's place.</summary>
    public static IReadOnlyList<string> WithoutKernels(params IEnumerable<string> arguments) => ["env", "CNN_KERNELS=off", .. Ours(arguments)];

    public static IReadOnlyList<string> Peer(string script, params IEnumerable<string> arguments) =>
        [Python, Checkout.PathOf("peers", script), .. arguments];

    public static void CheckPeer()
    {
        try
        {
            Contest.Output([Python, "-c", "import torch, torchvision, PIL, numpy"], "Debian's Python");
        }
        catch (Exception e) when (e is BenchException or System.ComponentModel.Win32Exception)
        {
            throw new BenchException($"{Python} cannot import torch, torchvision, PIL and numpy. Debian has them: python3-torchvision python3-pil python3-numpy");
        }
    }
}
