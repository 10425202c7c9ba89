using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking)
            {
                CheckDevice(device.type);
                foreach (var (_, child) in named_children()) child._to(device, dtype, non_blocking);
                ReplaceState(tensor => Convert(tensor, TypeFor(tensor, dtype), device, non_blocking));
            }

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                CheckDevice(deviceType);
                var device = new Device(deviceType, deviceIndex);
                foreach (var (_, child) in named_children()) child._to(deviceType, deviceIndex, non_blocking);
                ReplaceState(tensor => Convert(tensor, tensor.dtype, device, non_blocking));
            }

            protected void _toEpilog(ScalarType dtype, bool non_blocking)
            {
                foreach (var (_, child) in named_children()) child._to(dtype, non_blocking);
                ReplaceState(tensor => Convert(tensor, TypeFor(tensor, dtype), tensor.device, non_blocking));
            }

            private static void CheckDevice(DeviceType type)
            {
                if (type == DeviceType.CUDA && !cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
            }

            /// <summary>Counters (num_batches_tracked) stay whole numbers whatever type the weights take.</summary>
            private static ScalarType TypeFor(Tensor tensor, ScalarType dtype) =>
                tensor.is_floating_point() ? dtype : tensor.dtype;

            private static Tensor Convert(Tensor tensor, ScalarType dtype, Device device, bool nonBlocking)
            {
                using var guard = no_grad();
                var converted = tensor.to(dtype, device, non_blocking: nonBlocking);
                return SameStorage(converted, tensor) ? tensor : converted;
            }

            private static bool SameStorage(Tensor converted, Tensor tensor) =>
                ReferenceEquals(converted, tensor) || (converted.dtype == tensor.dtype && converted.device_type == tensor.device_type
                    && converted.device_index == tensor.device_index);

            private void ReplaceState(Func<Tensor, Tensor> convert)
            {
                foreach (var (name, parameter) in named_parameters(false).ToList())
                {
                    var tensor = convert(parameter);
                    if (!ReferenceEquals(tensor, parameter)) ReplaceParameter(name, parameter, tensor);
                }
                foreach (var (name, (buffer, persistent)) in _internal_buffers.ToTupleList())
                {
                    var tensor = convert(buffer);
                    if (ReferenceEquals(tensor, buffer)) continue;
                    SetBuffer(name, tensor, persistent);
                    ReplaceInFields(buffer, tensor);
                    buffer.Dispose();
                }
            }

            private void ReplaceParameter(string name, Parameter old, Tensor tensor)
            {
                var replacement = new Parameter(tensor, old.requires_grad);
                SetParameter(name, replacement);
                ReplaceInFields(old, replacement);
                old.Dispose();
            }

            private void ReplaceInFields(Tensor old, Tensor replacement)
            {
                for (var type = GetType(); type != typeof(Module); type = type.BaseType)
                    foreach (var field in type.GetFields(OwnFields))
                        if (typeof(Tensor).IsAssignableFrom(field.FieldType) && ReferenceEquals(field.GetValue(this), old))
                            field.SetValue(this, replacement);
            }
        }
    }
}
