using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static ReLU6 ReLU6(bool inplace = false) => new(inplace);

            public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

            public static ELU ELU(double alpha = 1.0, bool inplace = false) => new(alpha, inplace);

            public static CELU CELU(double alpha = 1.0, bool inplace = false) => new(alpha, inplace);

            public static SELU SELU(bool inplace = false) => new(inplace);

            public static SiLU SiLU() => new();

            public static GELU GELU() => new();

            public static Mish Mish() => new();

            public static Hardswish Hardswish(bool inplace = false) => new(inplace);
        }
    }

    namespace Modules
    {
        public sealed class ReLU : nn.Module<Tensor, Tensor>
        {
            private readonly bool _inplace;

            internal ReLU(bool inplace) : base(nameof(ReLU)) => _inplace = inplace;

            public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, _inplace);

            public override string GetName() => nameof(ReLU);
        }

        public sealed class ReLU6 : nn.Module<Tensor, Tensor>
        {
            private readonly bool _inplace;

            internal ReLU6(bool inplace) : base(nameof(ReLU6)) => _inplace = inplace;

            public override Tensor forward(Tensor tensor) => nn.functional.relu6(tensor, _inplace);

            public override string GetName() => nameof(ReLU6);
        }

        public sealed class LeakyReLU : nn.Module<Tensor, Tensor>
        {
            private readonly double _negative_slope;
            private readonly bool _inplace;

            internal LeakyReLU(double negative_slope, bool inplace) : base(nameof(LeakyReLU)) =>
                (_negative_slope, _inplace) = (negative_slope, inplace);

            public override Tensor forward(Tensor tensor) => nn.functional.leaky_relu(tensor, _negative_slope, _inplace);

            public override string GetName() => nameof(LeakyReLU);
        }

        public sealed class ELU : nn.Module<Tensor, Tensor>
        {
            private readonly double _alpha;
            private readonly bool _inplace;

            internal ELU(double alpha, bool inplace) : base(nameof(ELU)) =>
                (_alpha, _inplace) = (alpha, inplace);

            public override Tensor forward(Tensor tensor) => nn.functional.elu(tensor, _alpha, _inplace);

            public override string GetName() => nameof(ELU);
        }

        public sealed class CELU : nn.Module<Tensor, Tensor>
        {
            private readonly double _alpha;
            private readonly bool _inplace;

            internal CELU(double alpha, bool inplace) : base(nameof(CELU)) =>
                (_alpha, _inplace) = (alpha, inplace);

            public override Tensor forward(Tensor tensor) => nn.functional.celu(tensor, _alpha, _inplace);

            public override string GetName() => nameof(CELU);
        }

        public sealed class SELU : nn.Module<Tensor, Tensor>
        {
            private readonly bool _inplace;

            internal SELU(bool inplace) : base(nameof(SELU)) => _inplace = inplace;

            public override Tensor forward(Tensor tensor) => nn.functional.selu(tensor, _inplace);

            public override string GetName() => nameof(SELU);
        }

        public sealed class SiLU : nn.Module<Tensor, Tensor>
        {
            internal SiLU() : base(nameof(SiLU))
            {
            }

            public override Tensor forward(Tensor tensor) => nn.functional.silu(tensor);

            public override string GetName() => nameof(SiLU);
        }

        public sealed class GELU : nn.Module<Tensor, Tensor>
        {
            internal GELU() : base(nameof(GELU))
            {
            }

            public override Tensor forward(Tensor tensor) => nn.functional.gelu(tensor);

            public override string GetName() => nameof(GELU);
        }

        public sealed class Mish : nn.Module<Tensor, Tensor>
        {
            internal Mish() : base(nameof(Mish))
            {
            }

            public override Tensor forward(Tensor tensor) => nn.functional.Mish(tensor);

            public override string GetName() => nameof(Mish);
        }

        public sealed class Hardswish : nn.Module<Tensor, Tensor>
        {
            private readonly bool _inplace;

            internal Hardswish(bool inplace) : base(nameof(Hardswish)) => _inplace = inplace;

            public override Tensor forward(Tensor tensor) => nn.functional.hardswish(tensor, _inplace);

            public override string GetName() => nameof(Hardswish);
        }
    }
}
