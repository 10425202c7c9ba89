namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Ways to fill a tensor with first values. They work in place, record no gradient, and return their tensor.</summary>
        public static partial class init
        {
            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            /// <summary>The factor by which a nonlinearity shrinks the standard deviation of its input, inverted.</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2.0),
                NonlinearityType.LeakyReLU => Math.Sqrt(2.0 / (1 + param * param)),
                _ => 1.0,
            };

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator generator = null) =>
                InPlace("aten::uniform_", tensor, low, high, generator);

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator generator = null) =>
                InPlace("aten::normal_", tensor, mean, std, generator);

            /// <summary>Normal, cut off at a and b: uniform quantiles between the two, through the inverse of the distribution.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator generator = null)
            {
                using var guard = no_grad();
                var low = 2 * NormalDistribution((a - mean) / std) - 1;
                var high = 2 * NormalDistribution((b - mean) / std) - 1;
                Op.CallVoid("aten::uniform_", tensor, low, high, generator);
                Op.CallVoid("aten::erfinv_", tensor);
                Op.CallVoid("aten::mul_.Scalar", tensor, std * Math.Sqrt(2));
                Op.CallVoid("aten::add_.Scalar", tensor, mean);
                Op.CallVoid("aten::clamp_", tensor, a, b);
                return tensor;
            }

            public static Tensor constant_(Tensor tensor, Scalar val) => InPlace("aten::fill_.Scalar", tensor, val);

            public static Tensor ones_(Tensor tensor) => InPlace("aten::fill_.Scalar", tensor, 1.0);

            public static Tensor zeros_(Tensor tensor) => InPlace("aten::zero_", tensor);

            public static Tensor eye_(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length != 2) throw new ArgumentException("Only tensors with 2 dimensions are supported");
                using var guard = no_grad();
                using var identity = eye(shape[0], shape[1], tensor.dtype, tensor.device);
                return tensor.copy_(identity);
            }

            /// <summary>A convolution that hands as many channels through as there are on both sides.</summary>
            public static Tensor dirac_(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length is < 3 or > 5) throw new ArgumentException("Only tensors with 3, 4, or 5 dimensions are supported");
                using var guard = no_grad();
                using var scope = NewDisposeScope();
                tensor.zero_();
                for (long channel = 0; channel < Math.Min(shape[0], shape[1]); channel++)
                {
                    var kernel = tensor.select(0, channel).select(0, channel);
                    for (var d = 2; d < shape.Length; d++) kernel = kernel.select(0, shape[d] / 2);
                    kernel.fill_(1);
                }
                return tensor;
            }

            /// <summary>A fraction of every column is zero, the rest is normal.</summary>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01)
            {
                var shape = tensor.shape;
                if (shape.Length != 2) throw new ArgumentException("Only tensors with 2 dimensions are supported");
                using var guard = no_grad();
                using var scope = NewDisposeScope();
                Op.CallVoid("aten::normal_", tensor, 0.0, std);
                var zeros = (long)Math.Ceiling(sparsity * shape[0]);
                for (long column = 0; column < shape[1]; column++)
                {
                    var rows = Op.Call("aten::randperm", shape[0], ScalarType.Int64, Arg.None, tensor.device).narrow(0, 0, zeros);
                    Op.CallVoid("aten::index_fill_.int_Scalar", tensor.select(1, column), 0L, rows, 0.0);
                }
                return tensor;
            }

            /// <summary>Rows (or columns, whichever are fewer) at right angles to each other.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1.0)
            {
                var shape = tensor.shape;
                if (shape.Length < 2) throw new ArgumentException("Only tensors with 2 or more dimensions are supported");
                using var guard = no_grad();
                using var scope = NewDisposeScope();
                var (rows, columns) = (shape[0], tensor.NumberOfElements / shape[0]);
                var flat = Op.Call("aten::normal_", empty(rows, columns, tensor.dtype, tensor.device), 0.0, 1.0);
                if (rows < columns) flat = flat.t();
                var qr = Op.CallMany("aten::linalg_qr", flat);
                // The signs of r's diagonal make the distribution uniform over the orthogonal matrices.
                var q = qr[0].mul(qr[1].diagonal(0, 0, 1).sign());
                if (rows < columns) q = q.t();
                tensor.copy_(Op.Call("aten::reshape", q, shape));
                return tensor.mul_(gain);
            }

            private static Tensor InPlace(string op, Tensor tensor, params ReadOnlySpan<Arg> values)
            {
                using var guard = no_grad();
                Op.CallVoid(op, [tensor, .. values]);
                return tensor;
            }

            private static double NormalDistribution(double x)
            {
                using var value = Op.Call("aten::special_ndtr", tensor(x, ScalarType.Float64));
                return value.item<double>();
            }
        }
    }
}
