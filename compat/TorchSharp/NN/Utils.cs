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

            private static Tensor[] Gradients(IEnumerable<Parameter> parameters) =>
                parameters.Select(p => p.grad).Where(g => g is not null).ToArray();
        }
    }
}
