namespace TorchSharp;

public enum DeviceType : int
{
    CPU = 0,
    CUDA = 1,
    MKLDNN = 2,
    OPENGL = 3,
    OPENCL = 4,
    IDEEP = 5,
    HIP = 6,
    FPGA = 7,
    MSNPU = 8,
    XLA = 9,
    MPS = 13,
    META = 14,
}

public enum PaddingModes : int { Zeros = 0, Reflect = 1, Replicate = 2, Circular = 3, Constant = 4 }

public enum TensorStringStyle : int { Metadata = 0, Julia = 1, Numpy = 2, CSharp = 3, Default = 4 }

public enum Reduce : int { prod = 0, mean = 1, amax = 2, amin = 3 }

public enum layout : int { strided = 0, sparse_coo = 1 }

public enum memory_format : int { preserve_format = 0, contiguous_format = 1, channels_last = 2 }

public enum indexing : int { xy = 0, ij = 1 }

public static partial class torch
{
    /// <summary>The values are libtorch's c10::ScalarType.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        ComplexFloat32 = 9,
        ComplexFloat64 = 10,
        Bool = 11,
        BFloat16 = 15,
    }

    public enum RoundingMode : int { None = 0, trunc = 1, floor = 2 }

    public enum InterpolationMode : int { Nearest = 0, Linear = 1, Bilinear = 2, Bicubic = 3, Trilinear = 4, Area = 5 }

    public enum UpsampleMode : int { Nearest = 0, Linear = 1, Bilinear = 2, Bicubic = 3, Trilinear = 4 }

    public enum GridSampleMode : int { Nearest = 0, Bilinear = 2 }

    public enum GridSamplePaddingMode : int { Zeros = 0, Reflection = 1, Border = 2 }
}
