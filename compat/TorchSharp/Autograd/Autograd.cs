namespace TorchSharp;

public static partial class torch
{
    public static class autograd
    {
        /// <summary>The sums of the gradients of the outputs with respect to the inputs; null where unused and allowed.</summary>
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor> grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] outputHandles = Handles(outputs), inputHandles = Handles(inputs), gradients = HandlesOrNull(grad_outputs, outputs.Count);
            nint[] results = new nint[inputs.Count];
            fixed (nint* o = outputHandles, i = inputHandles, g = gradients, r = results)
                NativeMethods.Check(NativeMethods.cnntorch_grad(
                    o, g, outputs.Count, i, inputs.Count, retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            KeepAlive(outputs, inputs, grad_outputs);
            return Array.ConvertAll(results, static handle => handle == 0 ? null : new Tensor(handle));
        }

        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor> grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null)
        {
            nint[] handles = Handles(tensors), gradients = HandlesOrNull(grad_tensors, tensors.Count), inputHandles = Handles(inputs ?? []);
            int retain = retain_graph is bool given ? (given ? 1 : 0) : -1;
            fixed (nint* t = handles, g = gradients, i = inputHandles)
                NativeMethods.Check(NativeMethods.cnntorch_backward(t, g, tensors.Count, retain, create_graph ? 1 : 0, i, inputHandles.Length));
            KeepAlive(tensors, grad_tensors, inputs);
        }

        public static void backward(
            Tensor tensor, IList<Tensor> grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);

        private static nint[] Handles(IList<Tensor> tensors) => tensors.Select(static tensor => tensor is null ? 0 : tensor.Handle).ToArray();

        private static nint[] HandlesOrNull(IList<Tensor> gradients, int count)
        {
            if (gradients is null || gradients.Count == 0) return null;
            if (gradients.Count != count) throw new ArgumentException($"{count} gradients were expected, one for each tensor, not {gradients.Count}.");
            return Handles(gradients);
        }

        private static void KeepAlive(IList<Tensor> first, IList<Tensor> second, IList<Tensor> third)
        {
            GC.KeepAlive(first);
            GC.KeepAlive(second);
            GC.KeepAlive(third);
        }
    }

    public partial class Tensor
    {
        public unsafe Tensor grad
        {
            get
            {
                nint result;
                NativeMethods.Check(NativeMethods.cnntorch_tensor_grad(Handle, &result));
                GC.KeepAlive(this);
                return result == 0 ? null : new Tensor(result);
            }
            set
            {
                NativeMethods.Check(NativeMethods.cnntorch_tensor_set_grad(Handle, value is null ? 0 : value.Handle));
                GC.KeepAlive(value);
                GC.KeepAlive(this);
            }
        }

        public void backward() => autograd.backward(this);

        public void backward(IList<Tensor> grad_tensors = null, bool create_graph = false, bool retain_graph = false, IList<Tensor> inputs = null) =>
            autograd.backward(this, grad_tensors, retain_graph || create_graph, create_graph, inputs);

        public void retain_grad() => Op.CallVoid("aten::retain_grad", this);

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);
    }
}

/// <summary>While it lives, backward passes report the forward operation that a failure came from.</summary>
public class AnomalyMode : IDisposable
{
    private readonly bool before = IsEnabled;
    private readonly bool checkBefore = ShouldCheckNaN;

    public AnomalyMode(bool enabled, bool check_nan = true) => Set(enabled, check_nan);

    public static unsafe bool IsEnabled
    {
        get
        {
            int check;
            return NativeMethods.cnntorch_anomaly_mode(&check) != 0;
        }
    }

    public static unsafe bool ShouldCheckNaN
    {
        get
        {
            int check;
            _ = NativeMethods.cnntorch_anomaly_mode(&check);
            return check != 0;
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Set(before, checkBefore);

    private static void Set(bool enabled, bool checkNaN) => NativeMethods.cnntorch_set_anomaly_mode(enabled ? 1 : 0, checkNaN ? 1 : 0);
}
