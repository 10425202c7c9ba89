using System.Runtime.CompilerServices;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The first element of a tensor on the CPU.</summary>
        internal unsafe void* DataPointer
        {
            get
            {
                TensorInfo info = Info;
                if ((DeviceType)info.DeviceType != DeviceType.CPU)
                    throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
                return info.Data;
            }
        }

        /// <summary>The elements of a contiguous tensor on the CPU, without a copy. Not to be used after the tensor is disposed.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                TensorInfo info = ContiguousInfo();
                long length = info.Elements * info.ElementSize;
                if (length > int.MaxValue) throw new InvalidOperationException("Span only supports up to int.MaxValue elements.");
                return new Span<byte>(DataPointer, (int)length);
            }
            set
            {
                TensorInfo info = ContiguousInfo();
                if (value.Length != info.Elements * info.ElementSize)
                    throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(new Span<byte>(DataPointer, value.Length));
                GC.KeepAlive(this);
            }
        }

        private TensorInfo ContiguousInfo()
        {
            TensorInfo info = Info;
            if (!info.Flags.HasFlag(TensorFlags.IsContiguous)) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            return info;
        }

        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(this);
        }

        /// <summary>The only element. The type must be the tensor's own.</summary>
        public unsafe T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            ValidateType(typeof(T));
            if (device_type == DeviceType.CPU)
            {
                T value = Unsafe.ReadUnaligned<T>(DataPointer);
                GC.KeepAlive(this);
                return value;
            }
            using Tensor copy = cpu();
            return copy.item<T>();
        }

        private void ValidateType(Type type)
        {
            ScalarType own = dtype;
            bool fits = own switch
            {
                ScalarType.Byte => type == typeof(byte),
                ScalarType.Int8 => type == typeof(sbyte),
                ScalarType.Int16 => type == typeof(short),
                ScalarType.Int32 => type == typeof(int),
                ScalarType.Int64 => type == typeof(long),
                ScalarType.Float16 => type == typeof(Half),
                ScalarType.Float32 => type == typeof(float),
                ScalarType.Float64 => type == typeof(double),
                ScalarType.Bool => type == typeof(bool),
                ScalarType.ComplexFloat32 => type == typeof((float, float)),
                ScalarType.ComplexFloat64 => type == typeof(System.Numerics.Complex),
                _ => false,
            };
            if (!fits) throw new ArgumentException($"{type.Name} is not compatible with {own}");
        }

        public T ReadCpuValue<T>(long i) where T : unmanaged
        {
            using TensorAccessor<T> accessor = data<T>();
            return accessor.ReadFlat(i);
        }

        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);
        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public float ReadCpuFloat16(long i) => (float)ReadCpuValue<Half>(i);

        public Scalar ToScalar() => Op.CallScalar("aten::item", this);

        /// <summary>Fills a contiguous tensor on the CPU with its elements' bytes from the stream.</summary>
        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            TensorInfo info = ContiguousInfo();
            byte* next = (byte*)DataPointer;
            for (long left = info.Elements * info.ElementSize; left > 0;)
            {
                int count = (int)Math.Min(left, StreamChunk);
                stream.ReadExactly(new Span<byte>(next, count));
                next += count;
                left -= count;
            }
            GC.KeepAlive(this);
        }

        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            TensorInfo info = ContiguousInfo();
            byte* next = (byte*)DataPointer;
            for (long left = info.Elements * info.ElementSize; left > 0;)
            {
                int count = (int)Math.Min(left, StreamChunk);
                stream.Write(new ReadOnlySpan<byte>(next, count));
                next += count;
                left -= count;
            }
            GC.KeepAlive(this);
        }

        // Bytes go straight between the tensor and the stream, so that the caller's buffer size does not matter.
        private const int StreamChunk = 1 << 24;
    }
}
