namespace TorchSharp;

public static partial class torch
{
    public static bool is_grad_enabled() => NativeMethods.cnntorch_grad_mode() != 0;

    public static bool is_inference_mode_enabled() => NativeMethods.cnntorch_inference_mode() != 0;

    /// <summary>No gradients are recorded on this thread until the result is disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    private sealed class GradMode : IDisposable
    {
        private readonly bool before = is_grad_enabled();

        public GradMode(bool enabled) => NativeMethods.cnntorch_set_grad_mode(enabled ? 1 : 0);

        public void Dispose() => NativeMethods.cnntorch_set_grad_mode(before ? 1 : 0);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint guard = NativeMethods.cnntorch_inference_mode_enter(enabled ? 1 : 0);

        public void Dispose()
        {
            if (guard != 0) NativeMethods.cnntorch_inference_mode_leave(guard);
            guard = 0;
        }
    }
}
