namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private unsafe TensorInfo Info
        {
            get
            {
                TensorInfo info;
                NativeMethods.Check(NativeMethods.cnntorch_tensor_info(Handle, &info));
                GC.KeepAlive(this);
                return info;
            }
        }

        public unsafe long[] shape
        {
            get
            {
                TensorInfo info = Info;
                long[] sizes = new ReadOnlySpan<long>(info.Sizes, (int)info.Dimensions).ToArray();
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public unsafe long[] stride()
        {
            TensorInfo info = Info;
            if (info.Strides is null) throw new InvalidOperationException("This tensor's layout has no strides.");
            long[] strides = new ReadOnlySpan<long>(info.Strides, (int)info.Dimensions).ToArray();
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => stride()[Wrapped(dim)];
        public long[] size() => shape;
        public long size(int dim) => shape[Wrapped(dim)];

        private int Wrapped(int dim)
        {
            int count = (int)Dimensions;
            if (dim < -count || dim >= count)
                throw new ArgumentOutOfRangeException(nameof(dim), dim, $"Dimension out of range: the tensor has {count} dimensions.");
            return dim < 0 ? dim + count : dim;
        }

        public long Dimensions => Info.Dimensions;
        public long ndim => Info.Dimensions;
        public long dim() => Info.Dimensions;
        public long NumberOfElements => Info.Elements;
        public long numel() => Info.Elements;
        public long ElementSize => Info.ElementSize;
        public long element_size() => Info.ElementSize;
        public long storage_offset() => Info.StorageOffset;

        public ScalarType dtype => (ScalarType)Info.DType;
        public DeviceType device_type => (DeviceType)Info.DeviceType;
        public int device_index => Info.DeviceIndex;
        public Device device { get { TensorInfo info = Info; return new Device((DeviceType)info.DeviceType, info.DeviceIndex); } }

        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_sparse => Info.Flags.HasFlag(TensorFlags.IsSparse);
        public bool is_contiguous() => Info.Flags.HasFlag(TensorFlags.IsContiguous);
        public bool is_pinned() => Op.CallBool("aten::is_pinned", this);
        public bool is_nonzero() => Op.CallBool("aten::is_nonzero", this);
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_complex() => torch.is_complex(dtype);
        public bool is_conj() => Op.CallBool("aten::is_conj", this);
        public bool is_neg() => Op.CallBool("aten::is_neg", this);

        internal bool IsChannelsLast => Info.Flags.HasFlag(TensorFlags.IsChannelsLast);

        public bool is_leaf => Info.Flags.HasFlag(TensorFlags.IsLeaf);

        public bool requires_grad
        {
            get => Info.Flags.HasFlag(TensorFlags.RequiresGrad);
            set
            {
                NativeMethods.Check(NativeMethods.cnntorch_tensor_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }
    }
}
