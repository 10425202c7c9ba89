using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sigmoid Sigmoid() => new();

            public static LogSigmoid LogSigmoid() => new();

            public static Tanh Tanh() => new();

            public static GLU GLU(long dim = -1) => new(dim);

            public static RReLU RReLU(double lower = 1.0 / 8, double upper = 1.0 / 3, bool inplace = false) => new(lower, upper, inplace);

            public static Softmax Softmax(long dim) => new(dim);

            public static Softmax2d Softmax2d() => new();

            public static Softmin Softmin(long dim) => new(dim);

            public static LogSoftmax LogSoftmax(long dim) => new(dim);
        }
    }

    namespace Modules
    {
        public sealed class Sigmoid : nn.Module<Tensor, Tensor>
        {
            internal Sigmoid() : base(nameof(Sigmoid))
            {
            }

            public override Tensor forward(Tensor tensor) => nn.functional.sigmoid(tensor);

            public override string GetName() => nameof(Sigmoid);
        }

        public sealed class LogSigmoid : nn.Module<Tensor, Tensor>
        {
            internal LogSigmoid() : base(nameof(LogSigmoid))
            {
            }

            public override Tensor forward(Tensor tensor) => nn.functional.logsigmoid(tensor);

            public override string GetName() => nameof(LogSigmoid);
        }

        public sealed class Tanh : nn.Module<Tensor, Tensor>
        {
            internal Tanh() : base(nameof(Tanh))
            {
            }

            public override Tensor forward(Tensor tensor) => nn.functional.tanh(tensor);

            public override string GetName() => nameof(Tanh);
        }

        public sealed class GLU : nn.Module<Tensor, Tensor>
        {
            private readonly long _dim;

            internal GLU(long dim) : base(nameof(GLU)) => _dim = dim;

            public override Tensor forward(Tensor tensor) => nn.functional.glu(tensor, _dim);

            public override string GetName() => nameof(GLU);
        }

        public sealed class RReLU : nn.Module<Tensor, Tensor>
        {
            private readonly double _lower;
            private readonly double _upper;
            private readonly bool _inplace;

            internal RReLU(double lower, double upper, bool inplace) : base(nameof(RReLU)) =>
                (_lower, _upper, _inplace) = (lower, upper, inplace);

            public override Tensor forward(Tensor tensor) => nn.functional.Rrelu(tensor, _lower, _upper, training, _inplace);

            public override string GetName() => nameof(RReLU);
        }

        public sealed class Softmax : nn.Module<Tensor, Tensor>
        {
            private readonly long _dim;

            internal Softmax(long dim) : base(nameof(Softmax)) => _dim = dim;

            public override Tensor forward(Tensor tensor) => nn.functional.softmax(tensor, _dim);

            public override string GetName() => nameof(Softmax);
        }

        public sealed class Softmax2d : nn.Module<Tensor, Tensor>
        {
            internal Softmax2d() : base(nameof(Softmax2d))
            {
            }

            public override Tensor forward(Tensor tensor) => nn.functional.softmax2d(tensor);

            public override string GetName() => nameof(Softmax2d);
        }

        public sealed class Softmin : nn.Module<Tensor, Tensor>
        {
            private readonly long _dim;

            internal Softmin(long dim) : base(nameof(Softmin)) => _dim = dim;

            public override Tensor forward(Tensor tensor) => nn.functional.softmin(tensor, _dim);

            public override string GetName() => nameof(Softmin);
        }

        public sealed class LogSoftmax : nn.Module<Tensor, Tensor>
        {
            private readonly long _dim;

            internal LogSoftmax(long dim) : base(nameof(LogSoftmax)) => _dim = dim;

            public override Tensor forward(Tensor tensor) => nn.functional.log_softmax(tensor, _dim);
        }
    }
}
