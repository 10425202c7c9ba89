using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients by one factor so that their common norm is at most max_norm; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var guard = no_grad();
                using var scope = NewDisposeScope();
                var gradients = Gradients(tensors);
                if (gradients.Length == 0) return 0;
                var norms = gradients.Select(g => Op.Call("aten::linalg_vector_norm", g, norm_type)).ToArray();
                var total = Op.Call("aten::linalg_vector_norm", Op.Call("aten::stack", norms), norm_type).to(ScalarType.Float64).item<double>();
                var factor = max_norm / (total + 1e-6);
                if (factor < 1)
                    foreach (var gradient in gradients) gradient.mul_(factor);
                return total;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var guard = no_grad();
                using var scope = NewDisposeScope();
                foreach (var gradient in Gradients(tensors)) Op.CallVoid("aten::clamp_", gradient, -clip_value, clip_value);
            }

            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                var flat = tensors.Select(t => Op.Call("aten::reshape", t, new long[] { -1 })).ToArray();
                return Op.Call("aten::cat", flat, 0L).MoveToOuterDisposeScope();
            }

            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var guard = no_grad();
                using var scope = NewDisposeScope();
                long start = 0;
                foreach (var parameter in tensors)
                {
                    var count = parameter.NumberOfElements;
                    parameter.copy_(Op.Call("aten::view_as", vec.narrow(0, start, count), parameter));
                    start += count;
                }
            }

            /// <summary>Weight and bias of one convolution that does what the convolution and the batch norm after it do in evaluation.</summary>
            public static (Parameter weight, Parameter bias) fuse_conv_bn_weights(Tensor conv_w, Tensor conv_b, Tensor bn_rm, Tensor bn_rv, double bn_eps,
                Tensor bn_w, Tensor bn_b, bool transpose = false)
            {
                var shape = conv_w.shape.Select(_ => 1L).ToArray();
                shape[transpose ? 1 : 0] = -1;
                return Fuse(conv_w, conv_b, shape, bn_rm, bn_rv, bn_eps, bn_w, bn_b);
            }

            /// <summary>The same for a linear layer.</summary>
            public static (Parameter weight, Parameter bias) fuse_linear_bn_weights(Tensor linear_w, Tensor linear_b, Tensor bn_rm, Tensor bn_rv, double bn_eps,
                Tensor bn_w, Tensor bn_b) =>
                Fuse(linear_w, linear_b, [-1, 1], bn_rm, bn_rv, bn_eps, bn_w, bn_b);

            private static (Parameter, Parameter) Fuse(Tensor weight, Tensor bias, long[] scaleShape, Tensor mean, Tensor variance, double eps,
                Tensor bnWeight, Tensor bnBias)
            {
                using var guard = no_grad();
                using var scope = NewDisposeScope();
                var scale = variance.add(eps).rsqrt();
                if (bnWeight is not null) scale = scale.mul(bnWeight);
                var shift = (bias is null ? mean.neg() : bias.sub(mean)).mul(scale);
                if (bnBias is not null) shift = shift.add(bnBias);
                var fused = weight.mul(Op.Call("aten::reshape", scale, scaleShape));
                var result = (new Parameter(fused, weight.requires_grad), new Parameter(shift, bias?.requires_grad ?? weight.requires_grad));
                return scope.MoveToOuter(result.Item1, result.Item2);
            }

            private static Tensor[] Gradients(IEnumerable<Parameter> parameters) =>
                parameters.Select(p => p.grad).Where(g => g is not null).ToArray();
        }
    }
}
