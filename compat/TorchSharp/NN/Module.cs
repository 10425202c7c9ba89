using TorchSharp.Utils;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Base of all networks and layers: a named tree of parameters, buffers and child modules.</summary>
        public partial class Module : IDisposable
        {
            protected string name;
            protected OrderedDict<string, Module> _internal_submodules = new();
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();
            protected OrderedDict<string, Parameter> _internal_params = new();
            private bool _training = true;
            private bool _disposed;

            protected Module(string name) => this.name = name;

            public virtual string GetName() => name;

            public virtual bool training => _training;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in _internal_submodules) child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters()) ClearGradient(parameter, set_to_none);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed) return;
                _disposed = true;
                foreach (var (_, buffer) in _internal_buffers) buffer.Item1?.Dispose();
                foreach (var (_, parameter) in _internal_params) parameter?.Dispose();
                foreach (var (_, child) in _internal_submodules) child?.Dispose();
            }

            internal static void ClearGradient(Tensor parameter, bool setToNone)
            {
                using var gradient = parameter.grad;
                if (gradient is null) return;
                if (setToNone) parameter.grad = null;
                else gradient.detach_().zero_();
            }

            protected static (Device, ScalarType) GetDefaultDeviceAndType(Device device = null, ScalarType? dtype = null) =>
                (device ?? get_default_device(), dtype ?? get_default_dtype());

            /// <summary>The same for helpers that are no modules.</summary>
            internal static (Device, ScalarType) DefaultDeviceAndType(Device device, ScalarType? dtype) =>
                GetDefaultDeviceAndType(device, dtype);
        }
    }
}
