using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace);

            public static Hardtanh Hardtanh(double min_val = -1.0, double max_val = 1.0, bool inplace = false) => new(min_val, max_val, inplace);

            public static Hardshrink Hardshrink(double lambda = 0.5) => new(lambda);

            public static Softshrink Softshrink(double lambda = 0.5) => new(lambda);

            public static Softplus Softplus(double beta = 1.0, double threshold = 20.0) => new(beta, threshold);

            public static Softsign Softsign() => new();

            public static Tanhshrink Tanhshrink() => new();

            public static Threshold Threshold(double threshold, double value, bool inplace = false) => new(threshold, value, inplace);
        }
    }

    namespace Modules
    {
        public sealed class Hardsigmoid : nn.Module<Tensor, Tensor>
        {
            private readonly bool _inplace;

            internal Hardsigmoid(bool inplace) : base(nameof(Hardsigmoid)) => _inplace = inplace;

            public override Tensor forward(Tensor tensor) => nn.functional.hardsigmoid(tensor, _inplace);

            public override string GetName() => nameof(Hardsigmoid);
        }

        public sealed class Hardtanh : nn.Module<Tensor, Tensor>
        {
            private readonly double _min_val;
            private readonly double _max_val;
            private readonly bool _inplace;

            internal Hardtanh(double min_val, double max_val, bool inplace) : base(nameof(Hardtanh)) =>
                (_min_val, _max_val, _inplace) = (min_val, max_val, inplace);

            public override Tensor forward(Tensor tensor) => nn.functional.Hardtanh(tensor, _min_val, _max_val, _inplace);

            public override string GetName() => nameof(Hardtanh);
        }

        public sealed class Hardshrink : nn.Module<Tensor, Tensor>
        {
            private readonly double _lambda;

            internal Hardshrink(double lambda) : base(nameof(Hardshrink)) => _lambda = lambda;

            public override Tensor forward(Tensor tensor) => nn.functional.Hardshrink(tensor, _lambda);

            public override string GetName() => nameof(Hardshrink);
        }

        public sealed class Softshrink : nn.Module<Tensor, Tensor>
        {
            private readonly double _lambda;

            internal Softshrink(double lambda) : base(nameof(Softshrink)) => _lambda = lambda;

            public override Tensor forward(Tensor tensor) => nn.functional.Softshrink(tensor, _lambda);

            public override string GetName() => nameof(Softshrink);
        }

        public sealed class Softplus : nn.Module<Tensor, Tensor>
        {
            private readonly double _beta;
            private readonly double _threshold;

            internal Softplus(double beta, double threshold) : base(nameof(Softplus)) =>
                (_beta, _threshold) = (beta, threshold);

            public override Tensor forward(Tensor tensor) => nn.functional.softplus(tensor, _beta, _threshold);

            public override string GetName() => nameof(Softplus);
        }

        public sealed class Softsign : nn.Module<Tensor, Tensor>
        {
            internal Softsign() : base(nameof(Softsign))
            {
            }

            public override Tensor forward(Tensor tensor) => nn.functional.Softsign(tensor);

            public override string GetName() => nameof(Softsign);
        }

        public sealed class Tanhshrink : nn.Module<Tensor, Tensor>
        {
            internal Tanhshrink() : base(nameof(Tanhshrink))
            {
            }

            public override Tensor forward(Tensor tensor) => nn.functional.Tanhshrink(tensor);

            public override string GetName() => nameof(Tanhshrink);
        }

        public sealed class Threshold : nn.Module<Tensor, Tensor>
        {
            private readonly double _threshold;
            private readonly double _value;
            private readonly bool _inplace;

            internal Threshold(double threshold, double value, bool inplace) : base(nameof(Threshold)) =>
                (_threshold, _value, _inplace) = (threshold, value, inplace);

            public override Tensor forward(Tensor tensor) => nn.functional.Threshold(tensor, _threshold, _value, _inplace);

            public override string GetName() => nameof(Threshold);
        }
    }
}
