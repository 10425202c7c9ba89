namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of libtorch.</summary>
    public static string __version__ { get; } = NativeMethods.Text(NativeMethods.cnntorch_libtorch_version());

    internal static string CpuCapability { get; } = NativeMethods.Text(NativeMethods.cnntorch_cpu_capability());

    public static int get_num_threads() => NativeMethods.cnntorch_threads();

    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.cnntorch_set_threads(num));

    public static int get_num_interop_threads() => NativeMethods.cnntorch_interop_threads();

    /// <summary>Only once, and before any work that uses these threads.</summary>
    public static void set_num_interop_threads(int num) => NativeMethods.Check(NativeMethods.cnntorch_set_interop_threads(num));

    /// <summary>Errors are thrown where they happen: nothing is left to check.</summary>
    public static void CheckForErrors() { }

    public static bool is_tensor(object obj) => obj is Tensor;

    public static long numel(Tensor input) => input.numel();

    public static class cuda
    {
        public static bool is_available() => cuda_is_available();
        public static int device_count() => NativeMethods.cnntorch_cuda_device_count();
        public static void manual_seed(long seed) => torch.manual_seed(seed);
        public static void manual_seed_all(long seed) => torch.manual_seed(seed);
    }
}
