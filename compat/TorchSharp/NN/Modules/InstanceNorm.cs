using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static InstanceNorm1d InstanceNorm1d(long features, double eps = 1e-5, double momentum = 0.1, bool affine = false,
                bool track_running_stats = false, Device device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);

            public static InstanceNorm2d InstanceNorm2d(long features, double eps = 1e-5, double momentum = 0.1, bool affine = false,
                bool track_running_stats = false, Device device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);

            public static InstanceNorm3d InstanceNorm3d(long features, double eps = 1e-5, double momentum = 0.1, bool affine = false,
                bool track_running_stats = false, Device device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }

    namespace Modules
    {
        public sealed class InstanceNorm1d : nn.Module<Tensor, Tensor>
        {
            private readonly double _eps;
            private readonly double _momentum;

            internal InstanceNorm1d(long features, double eps, double momentum, bool affine, bool track, Device device, ScalarType? dtype)
                : base(nameof(InstanceNorm1d))
            {
                (_eps, _momentum) = (eps, momentum);
                if (affine) DefaultInit.Affine(this, [features], bias: true, device, dtype);
                if (track) DefaultInit.RunningStatistics(this, features, device, dtype);
            }

            public Parameter weight { get => OwnParameter("weight"); set => SetParameter("weight", value); }

            public Parameter bias { get => OwnParameter("bias"); set => SetParameter("bias", value); }

            public Tensor running_mean { get => OwnBuffer("running_mean"); set => SetBuffer("running_mean", value); }

            public Tensor running_var { get => OwnBuffer("running_var"); set => SetBuffer("running_var", value); }

            public Tensor num_batches_tracked => OwnBuffer("num_batches_tracked");

            public void reset_running_stats() => DefaultInit.ResetRunningStatistics(this);

            public override Tensor forward(Tensor tensor) => Normalizing.Instance(this, tensor, 2, 3, _momentum, _eps);
        }

        public sealed class InstanceNorm2d : nn.Module<Tensor, Tensor>
        {
            private readonly double _eps;
            private readonly double _momentum;

            internal InstanceNorm2d(long features, double eps, double momentum, bool affine, bool track, Device device, ScalarType? dtype)
                : base(nameof(InstanceNorm2d))
            {
                (_eps, _momentum) = (eps, momentum);
                if (affine) DefaultInit.Affine(this, [features], bias: true, device, dtype);
                if (track) DefaultInit.RunningStatistics(this, features, device, dtype);
            }

            public Parameter weight { get => OwnParameter("weight"); set => SetParameter("weight", value); }

            public Parameter bias { get => OwnParameter("bias"); set => SetParameter("bias", value); }

            public Tensor running_mean { get => OwnBuffer("running_mean"); set => SetBuffer("running_mean", value); }

            public Tensor running_var { get => OwnBuffer("running_var"); set => SetBuffer("running_var", value); }

            public Tensor num_batches_tracked => OwnBuffer("num_batches_tracked");

            public void reset_running_stats() => DefaultInit.ResetRunningStatistics(this);

            public override Tensor forward(Tensor tensor) => Normalizing.Instance(this, tensor, 3, 4, _momentum, _eps);
        }

        public sealed class InstanceNorm3d : nn.Module<Tensor, Tensor>
        {
            private readonly double _eps;
            private readonly double _momentum;

            internal InstanceNorm3d(long features, double eps, double momentum, bool affine, bool track, Device device, ScalarType? dtype)
                : base(nameof(InstanceNorm3d))
            {
                (_eps, _momentum) = (eps, momentum);
                if (affine) DefaultInit.Affine(this, [features], bias: true, device, dtype);
                if (track) DefaultInit.RunningStatistics(this, features, device, dtype);
            }

            public Parameter weight { get => OwnParameter("weight"); set => SetParameter("weight", value); }

            public Parameter bias { get => OwnParameter("bias"); set => SetParameter("bias", value); }

            public Tensor running_mean { get => OwnBuffer("running_mean"); set => SetBuffer("running_mean", value); }

            public Tensor running_var { get => OwnBuffer("running_var"); set => SetBuffer("running_var", value); }

            public Tensor num_batches_tracked => OwnBuffer("num_batches_tracked");

            public void reset_running_stats() => DefaultInit.ResetRunningStatistics(this);

            public override Tensor forward(Tensor tensor) => Normalizing.Instance(this, tensor, 4, 5, _momentum, _eps);
        }
    }
}
