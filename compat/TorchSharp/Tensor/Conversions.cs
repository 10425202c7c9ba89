namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor @bool() => to_type(ScalarType.Bool);
        public Tensor @byte() => to_type(ScalarType.Byte);
        public Tensor @char() => to_type(ScalarType.Int8);
        public Tensor @short() => to_type(ScalarType.Int16);
        public Tensor @int() => to_type(ScalarType.Int32);
        public Tensor @long() => to_type(ScalarType.Int64);
        public Tensor half() => to_type(ScalarType.Float16);
        public Tensor bfloat16() => to_type(ScalarType.BFloat16);
        public Tensor @float() => to_type(ScalarType.Float32);
        public Tensor @double() => to_type(ScalarType.Float64);
        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(null, device, copy, disposeAfter, non_blocking);
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, device, copy, disposeAfter, non_blocking);
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, null, copy, disposeAfter, non_blocking);
        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking: non_blocking);
        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, null, copy, disposeAfter, non_blocking);
        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);
        public Tensor type(ScalarType dtype) => to_type(dtype);
        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);
        public Tensor cpu() => to(CPU);
        public Tensor cuda(Device device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);
        public Tensor clone() => Op.Call("aten::clone", this);
        public Tensor contiguous() => Op.Call("aten::contiguous", this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Op.InPlace("aten::copy_", this, source, nonBlocking);
        public Tensor detach() => Op.Call("aten::detach", this);
        public Tensor detach_() => Op.InPlace("aten::detach_", this);
        public Tensor fill_(Scalar value) => Op.InPlace("aten::fill_.Scalar", this, value);
        public Tensor zero_() => Op.InPlace("aten::zero_", this);
        public Tensor set_(Tensor source) => Op.InPlace("aten::set_.source_Tensor", this, source);
        public Tensor to_dense() => Op.Call("aten::to_dense", this);
        public Tensor pin_memory() => Op.Call("aten::pin_memory", this);

        private Tensor To(ScalarType? type, Device device, bool copy, bool disposeAfter, bool nonBlocking)
        {
            if (device is not null) InitializeDeviceType(device.type);
            Tensor result = device is null
                ? Op.Call("aten::to.dtype", this, type, nonBlocking, copy)
                : Op.Call("aten::to.device", this, device, type ?? dtype, nonBlocking, copy);
            if (disposeAfter) Dispose();
            return result;
        }
    }

    public static Tensor clone(Tensor input) => input.clone();
}
