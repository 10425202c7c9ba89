using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(long features, double eps = 1e-5, double momentum = 0.1, bool affine = true,
                bool track_running_stats = true, Device device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm2d BatchNorm2d(long features, double eps = 1e-5, double momentum = 0.1, bool affine = true,
                bool track_running_stats = true, Device device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm3d BatchNorm3d(long features, double eps = 1e-5, double momentum = 0.1, bool affine = true,
                bool track_running_stats = true, Device device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }

    namespace Modules
    {
        public sealed class BatchNorm1d : nn.Module<Tensor, Tensor>
        {
            private readonly double _eps;
            private readonly double _momentum;

            internal BatchNorm1d(long features, double eps, double momentum, bool affine, bool track, Device device, ScalarType? dtype)
                : base(nameof(BatchNorm1d))
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

            public override Tensor forward(Tensor tensor) => Normalizing.Batch(this, tensor, 2, 3, _momentum, _eps);
        }

        public sealed class BatchNorm2d : nn.Module<Tensor, Tensor>
        {
            private readonly double _eps;
            private readonly double _momentum;

            internal BatchNorm2d(long features, double eps, double momentum, bool affine, bool track, Device device, ScalarType? dtype)
                : base(nameof(BatchNorm2d))
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

            public override Tensor forward(Tensor tensor) => Normalizing.Batch(this, tensor, 4, 4, _momentum, _eps);

            /// <summary>The same and a ReLU, in one pass.</summary>
            internal Tensor ForwardRelu(Tensor tensor) => Normalizing.Batch(this, tensor, 4, 4, _momentum, _eps, relu: true);

            /// <summary>The same, a ReLU and a pool, in one pass. In training.</summary>
            internal Tensor ForwardReluPool(Tensor tensor, MaxPool2d pool) => Normalizing.BatchReluPool(this, tensor, _momentum, _eps, pool.Shape);
        }

        public sealed class BatchNorm3d : nn.Module<Tensor, Tensor>
        {
            private readonly double _eps;
            private readonly double _momentum;

            internal BatchNorm3d(long features, double eps, double momentum, bool affine, bool track, Device device, ScalarType? dtype)
                : base(nameof(BatchNorm3d))
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

            public override Tensor forward(Tensor tensor) => Normalizing.Batch(this, tensor, 5, 5, _momentum, _eps);
        }
    }
}
