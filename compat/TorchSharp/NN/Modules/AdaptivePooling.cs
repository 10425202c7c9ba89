using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static AdaptiveAvgPool1d AdaptiveAvgPool1d(long outputSize) => new(outputSize);

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] outputSize) => new(outputSize);

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) outputSize) => new(Sizes.Of(outputSize));

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long outputSize) => new(Sizes.Repeat(outputSize, 2));

            public static AdaptiveAvgPool3d AdaptiveAvgPool3d(long[] outputSize) => new(outputSize);

            public static AdaptiveAvgPool3d AdaptiveAvgPool3d((long, long, long) outputSize) => new(Sizes.Of(outputSize));

            public static AdaptiveAvgPool3d AdaptiveAvgPool3d(long outputSize) => new(Sizes.Repeat(outputSize, 3));

            public static AdaptiveMaxPool1d AdaptiveMaxPool1d(long outputSize) => new(outputSize);

            public static AdaptiveMaxPool2d AdaptiveMaxPool2d(long[] outputSize) => new(outputSize);

            public static AdaptiveMaxPool3d AdaptiveMaxPool3d(long[] outputSize) => new(outputSize);
        }
    }

    namespace Modules
    {
        public sealed class AdaptiveAvgPool1d : nn.Module<Tensor, Tensor>
        {
            private readonly long _size;

            internal AdaptiveAvgPool1d(long size) : base(nameof(AdaptiveAvgPool1d)) => _size = size;

            public override Tensor forward(Tensor tensor) => nn.functional.adaptive_avg_pool1d(tensor, _size);
        }

        public sealed class AdaptiveAvgPool2d : nn.Module<Tensor, Tensor>
        {
            private readonly long[] _size;

            internal AdaptiveAvgPool2d(long[] size) : base(nameof(AdaptiveAvgPool2d)) => _size = size;

            public override Tensor forward(Tensor tensor) => nn.functional.adaptive_avg_pool2d(tensor, _size);
        }

        public sealed class AdaptiveAvgPool3d : nn.Module<Tensor, Tensor>
        {
            private readonly long[] _size;

            internal AdaptiveAvgPool3d(long[] size) : base(nameof(AdaptiveAvgPool3d)) => _size = size;

            public override Tensor forward(Tensor tensor) => nn.functional.adaptive_avg_pool3d(tensor, _size);
        }

        public sealed class AdaptiveMaxPool1d : nn.Module<Tensor, Tensor>
        {
            private readonly long _size;

            internal AdaptiveMaxPool1d(long size) : base(nameof(AdaptiveMaxPool1d)) => _size = size;

            public override Tensor forward(Tensor tensor) => nn.functional.adaptive_max_pool1d(tensor, _size);
        }

        public sealed class AdaptiveMaxPool2d : nn.Module<Tensor, Tensor>
        {
            private readonly long[] _size;

            internal AdaptiveMaxPool2d(long[] size) : base(nameof(AdaptiveMaxPool2d)) => _size = size;

            public override Tensor forward(Tensor tensor) => nn.functional.adaptive_max_pool2d(tensor, _size);
        }

        public sealed class AdaptiveMaxPool3d : nn.Module<Tensor, Tensor>
        {
            private readonly long[] _size;

            internal AdaptiveMaxPool3d(long[] size) : base(nameof(AdaptiveMaxPool3d)) => _size = size;

            public override Tensor forward(Tensor tensor) => nn.functional.adaptive_max_pool3d(tensor, _size);
        }
    }
}
