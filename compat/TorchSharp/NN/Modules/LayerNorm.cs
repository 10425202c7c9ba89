using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-5, bool elementwise_affine = true, bool bias = true,
                Device device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-5, bool elementwise_affine = true, bool bias = true,
                Device device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-5, bool affine = true,
                Device device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);

            public static LocalResponseNorm LocalResponseNorm(long size, double alpha = 0.0001, double beta = 0.75, double k = 1.0) =>
                new(size, alpha, beta, k);
        }
    }

    namespace Modules
    {
        public sealed class LayerNorm : nn.Module<Tensor, Tensor>
        {
            private readonly long[] _shape;
            private readonly double _eps;

            internal LayerNorm(long[] shape, double eps, bool affine, bool bias, Device device, ScalarType? dtype) : base(nameof(LayerNorm))
            {
                (_shape, _eps) = ([.. shape], eps);
                if (affine) DefaultInit.Affine(this, _shape, bias, device, dtype);
            }

            public Parameter weight { get => OwnParameter("weight"); set => SetParameter("weight", value); }

            public Parameter bias { get => OwnParameter("bias"); set => SetParameter("bias", value); }

            public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, _shape, weight, bias, _eps);
        }

        public sealed class GroupNorm : nn.Module<Tensor, Tensor>
        {
            private readonly long _groups;
            private readonly double _eps;

            internal GroupNorm(long groups, long channels, double eps, bool affine, Device device, ScalarType? dtype) : base(nameof(GroupNorm))
            {
                if (groups < 1 || channels % groups != 0)
                    throw new ArgumentException($"GroupNorm: num_channels ({channels}) must be divisible by num_groups ({groups}).");
                (_groups, _eps) = (groups, eps);
                if (affine) DefaultInit.Affine(this, [channels], bias: true, device, dtype);
            }

            public Parameter weight { get => OwnParameter("weight"); set => SetParameter("weight", value); }

            public Parameter bias { get => OwnParameter("bias"); set => SetParameter("bias", value); }

            public override Tensor forward(Tensor tensor)
            {
                if (tensor.dim() < 3) throw new ArgumentException($"Invalid number of dimensions for GroupNorm argument: {tensor.dim()}");
                return nn.functional.group_norm(tensor, _groups, weight, bias, _eps);
            }
        }

        public sealed class LocalResponseNorm : nn.Module<Tensor, Tensor>
        {
            private readonly long _size;
            private readonly double _alpha;
            private readonly double _beta;
            private readonly double _k;

            internal LocalResponseNorm(long size, double alpha, double beta, double k) : base(nameof(LocalResponseNorm)) =>
                (_size, _alpha, _beta, _k) = (size, alpha, beta, k);

            public override Tensor forward(Tensor tensor) => nn.functional.local_response_norm(tensor, _size, _alpha, _beta, _k);
        }
    }
}
