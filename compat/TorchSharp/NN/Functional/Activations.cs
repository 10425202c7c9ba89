namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? Op.Call("cnntorch::relu_", x) : x.relu();

            // libtorch 1 has no gradient of relu6 in bfloat16 on the CPU. That of clamp is the same but at 0 and 6 themselves.
            public static Tensor relu6(Tensor x, bool inplace = false) =>
                x.dtype == ScalarType.BFloat16 ? Apply("aten::clamp", inplace, x, 0, 6) : Apply("aten::relu6", inplace, x);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                Apply("aten::leaky_relu", inplace, input, negative_slope);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => Apply("aten::elu", inplace, x, alpha);

            public static Tensor celu(Tensor x, double alpha, bool inplace = false) => Apply("aten::celu", inplace, x, alpha);

            public static Tensor selu(Tensor x, bool inplace = false) => Apply("aten::selu", inplace, x);

            public static Tensor silu(Tensor x, bool inplace = false) => Apply("aten::silu", inplace, x);

            [Obsolete("Use silu() instead.")]
            public static Tensor SiLU(Tensor x, bool inplace = false) => silu(x, inplace);

            public static Tensor gelu(Tensor x) => Op.Call("aten::gelu", x);

            public static Tensor Mish(Tensor x) => Op.Call("aten::mish", x);

            public static Tensor hardswish(Tensor input, bool inplace = false) => Apply("aten::hardswish", inplace, input);

            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => Apply("aten::hardsigmoid", inplace, input);

            public static Tensor Hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) =>
                Apply("aten::hardtanh", inplace, x, min_val, max_val);

            public static Tensor Hardshrink(Tensor x, double lambda = 0.5) => Op.Call("aten::hardshrink", x, lambda);

            public static Tensor Softshrink(Tensor x, double lambda = 0.5) => Op.Call("aten::softshrink", x, lambda);

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Op.Call("aten::softplus", x, beta, threshold);

            public static Tensor Softsign(Tensor x)
            {
                using var divisor = x.abs().add_(1);
                return x.div(divisor);
            }

            public static Tensor Tanhshrink(Tensor x)
            {
                using var bent = x.tanh();
                return x.sub(bent);
            }

            public static Tensor Threshold(Tensor x, double threshold, double value, bool inplace = false) =>
                Apply("aten::threshold", inplace, x, threshold, value);

            public static Tensor prelu(Tensor input, Tensor weight) => Op.Call("aten::prelu", input, weight);

            public static Tensor rrelu(Tensor x, double lower, double upper, bool inplace = false) => Rrelu(x, lower, upper, training: false, inplace);

            internal static Tensor Rrelu(Tensor x, double lower, double upper, bool training, bool inplace) =>
                Apply("aten::rrelu", inplace, x, lower, upper, training);

            public static Tensor glu(Tensor input, long dim = -1) => Op.Call("aten::glu", input, dim);

            public static Tensor sigmoid(Tensor x) => Op.Call("aten::sigmoid", x);

            public static Tensor logsigmoid(Tensor x) => Op.Call("aten::log_sigmoid", x);

            public static Tensor tanh(Tensor x, bool inplace = false) => Apply("aten::tanh", inplace, x);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => Op.Call("aten::softmax.int", input, dim, dtype);

            public static Tensor softmax2d(Tensor x) => softmax(x, -3);

            public static Tensor softmin(Tensor x, long dim)
            {
                using var negative = x.neg();
                return softmax(negative, dim);
            }

            public static Tensor log_softmax(Tensor x, long dim) => Op.Call("aten::log_softmax.int", x, dim, Arg.None);

            /// <summary>
            /// An in-place result is a second handle to the changed tensor, so that a caller (Sequential) may dispose the input's.
            /// </summary>
            private static Tensor Apply(string op, bool inplace, params ReadOnlySpan<Arg> args)
            {
                if (!inplace) return Op.Call(op, args);
                var underscore = InPlaceNames.GetOrAdd(op, static name => name + "_");
                return Op.Call(underscore, args);
            }

            private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> InPlaceNames = new();
        }
    }
}
