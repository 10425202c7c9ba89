namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor batch_norm(Tensor input, Tensor running_mean, Tensor running_var, Tensor weight = null, Tensor bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-5) =>
                Op.Call("cnntorch::batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps);

            public static Tensor instance_norm(Tensor input, Tensor running_mean = null, Tensor running_var = null, Tensor weight = null, Tensor bias = null,
                bool use_input_stats = true, double momentum = 0.1, double eps = 1e-5) =>
                Op.Call("aten::instance_norm", input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor weight = null, Tensor bias = null, double eps = 1e-5) =>
                Op.Call("aten::layer_norm", input, normalized_shape, weight, bias, eps, true);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor weight = null, Tensor bias = null, double eps = 1e-5) =>
                Op.Call("aten::group_norm", input, num_groups, weight, bias, eps, true);

            /// <summary>Divides by a power of k + alpha times the mean square over neighbouring channels, as AlexNet's paper does.</summary>
            public static Tensor local_response_norm(Tensor input, long size, double alpha = 0.0001, double beta = 0.75, double k = 1)
            {
                var shape = input.shape;
                if (shape.Length < 3)
                    throw new ArgumentException($"Expected 3D or higher dimensionality input (got {shape.Length} dimensions)");
                using var scope = NewDisposeScope();
                // N×C×rest as one volume N×1×C×rest, so that an average pool slides over the channels.
                var squares = Op.Call("aten::reshape", input.mul(input), new[] { shape[0], 1, shape[1], shape[2], -1 });
                var padded = pad(squares, new[] { 0, 0, 0, 0, size / 2, (size - 1) / 2 });
                var mean = Op.Call("aten::avg_pool3d", padded, new[] { size, 1, 1 }, new long[] { 1 });
                var divisor = Op.Call("aten::reshape", mean, shape).mul(alpha).add(k).pow(beta);
                return input.div(divisor).MoveToOuterDisposeScope();
            }
        }
    }
}
