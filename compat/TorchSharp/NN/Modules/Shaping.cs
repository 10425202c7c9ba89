using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Flatten Flatten(long startDim = 1, long endDim = -1) => new(startDim, endDim);

            public static Unflatten Unflatten(long dim, long[] unflattenedSize) => new(dim, unflattenedSize);

            public static ChannelShuffle ChannelShuffle(long groups) => new(groups);

            public static PixelShuffle PixelShuffle(long upscaleFactor) => new(upscaleFactor);

            public static PixelUnshuffle PixelUnshuffle(long downscaleFactor) => new(downscaleFactor);

            public static Upsample Upsample(long[] size = null, double[] scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool? align_corners = null) =>
                new(size, scale_factor, mode, align_corners);

            public static partial class functional
            {
                public static Tensor pixel_shuffle(Tensor x, long upscaleFactor) => Op.Call("aten::pixel_shuffle", x, upscaleFactor);

                public static Tensor pixel_unshuffle(Tensor x, long downscaleFactor) => Op.Call("aten::pixel_unshuffle", x, downscaleFactor);

                public static Tensor one_hot(Tensor x, long num_classes = -1) => Op.Call("aten::one_hot", x, num_classes);
            }
        }
    }

    namespace Modules
    {
        public sealed class Flatten : nn.Module<Tensor, Tensor>
        {
            private readonly long _start;
            private readonly long _end;

            internal Flatten(long start, long end) : base(nameof(Flatten)) => (_start, _end) = (start, end);

            public override Tensor forward(Tensor tensor) => Op.Call("aten::flatten.using_ints", tensor, _start, _end);
        }

        public sealed class Unflatten : nn.Module<Tensor, Tensor>
        {
            private readonly long _dim;
            private readonly long[] _sizes;

            internal Unflatten(long dim, long[] sizes) : base(nameof(Unflatten)) => (_dim, _sizes) = (dim, sizes);

            public override Tensor forward(Tensor tensor)
            {
                var shape = tensor.shape;
                var dim = (int)(_dim < 0 ? _dim + shape.Length : _dim);
                return Op.Call("aten::reshape", tensor, (long[])[.. shape[..dim], .. _sizes, .. shape[(dim + 1)..]]);
            }
        }

        public sealed class ChannelShuffle : nn.Module<Tensor, Tensor>
        {
            private readonly long _groups;

            internal ChannelShuffle(long groups) : base(nameof(ChannelShuffle)) => _groups = groups;

            /// <summary>Written out: libtorch's own operator is not differentiable in every version.</summary>
            public override Tensor forward(Tensor tensor)
            {
                var shape = tensor.shape;
                using var split = Op.Call("aten::reshape", tensor, (long[])[shape[0], _groups, shape[1] / _groups, .. shape[2..]]);
                using var swapped = split.transpose(1, 2);
                return Op.Call("aten::reshape", swapped, shape);
            }

            public override string GetName() => nameof(ChannelShuffle);
        }

        public sealed class PixelShuffle : nn.Module<Tensor, Tensor>
        {
            private readonly long _factor;

            internal PixelShuffle(long factor) : base(nameof(PixelShuffle)) => _factor = factor;

            public override Tensor forward(Tensor tensor) => nn.functional.pixel_shuffle(tensor, _factor);
        }

        public sealed class PixelUnshuffle : nn.Module<Tensor, Tensor>
        {
            private readonly long _factor;

            internal PixelUnshuffle(long factor) : base(nameof(PixelUnshuffle)) => _factor = factor;

            public override Tensor forward(Tensor tensor) => nn.functional.pixel_unshuffle(tensor, _factor);
        }

        public sealed class Upsample : nn.Module<Tensor, Tensor>
        {
            private readonly long[] _size;
            private readonly double[] _scaleFactor;

            internal Upsample(long[] size, double[] scaleFactor, UpsampleMode mode, bool? alignCorners) : base(nameof(Upsample)) =>
                (_size, _scaleFactor, this.mode, align_corners) = (size, scaleFactor, mode, alignCorners);

            public ReadOnlySpan<long> size => _size;

            public ReadOnlySpan<double> scale_factor => _scaleFactor;

            public UpsampleMode mode { get; }

            public bool? align_corners { get; }

            public override Tensor forward(Tensor tensor) =>
                nn.functional.interpolate(tensor, _size, _scaleFactor, (InterpolationMode)mode, align_corners);
        }
    }
}
