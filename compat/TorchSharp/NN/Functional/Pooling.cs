namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor max_pool1d(Tensor input, long kernelSize, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                MaxPool("aten::max_pool1d", input, [kernelSize], Sizes.Of(stride), Sizes.Of(padding), Sizes.Of(dilation), ceil_mode);

            public static Tensor max_pool2d(Tensor input, long[] kernelSize, long[] strides = null, long[] padding = null, long[] dilation = null, bool ceil_mode = false) =>
                MaxPool("aten::max_pool2d", input, kernelSize, strides, padding, dilation, ceil_mode);

            public static Tensor max_pool2d(Tensor input, long kernelSize, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Sizes.Repeat(kernelSize, 2), Sizes.Of(stride, 2), Sizes.Of(padding, 2), Sizes.Of(dilation, 2), ceil_mode);

            public static Tensor max_pool2d(Tensor input, (long, long) kernelSize, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Sizes.Of(kernelSize), Sizes.Of(stride), Sizes.Of(padding), Sizes.Of(dilation), ceil_mode);

            public static Tensor max_pool3d(Tensor input, long[] kernelSize, long[] strides = null, long[] padding = null, long[] dilation = null, bool ceil_mode = false) =>
                MaxPool("aten::max_pool3d", input, kernelSize, strides, padding, dilation, ceil_mode);

            public static (Tensor output, Tensor indices) max_pool1d_with_indices(Tensor input, long kernelSize, long? stride = null, long? padding = null,
                long? dilation = null, bool ceil_mode = false) =>
                MaxPoolWithIndices("aten::max_pool1d_with_indices", input, [kernelSize], Sizes.Of(stride), Sizes.Of(padding), Sizes.Of(dilation), ceil_mode);

            public static (Tensor output, Tensor indices) max_pool2d_with_indices(Tensor input, long[] kernelSize, long[] strides = null, long[] padding = null,
                long[] dilation = null, bool ceil_mode = false) =>
                MaxPoolWithIndices("aten::max_pool2d_with_indices", input, kernelSize, strides, padding, dilation, ceil_mode);

            public static (Tensor output, Tensor indices) max_pool3d_with_indices(Tensor input, long[] kernelSize, long[] strides = null, long[] padding = null,
                long[] dilation = null, bool ceil_mode = false) =>
                MaxPoolWithIndices("aten::max_pool3d_with_indices", input, kernelSize, strides, padding, dilation, ceil_mode);

            public static Tensor avg_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true) =>
                Op.Call("aten::avg_pool1d", input, new[] { kernel_size }, Sizes.OrEmpty(Sizes.Of(stride)), Sizes.Repeat(padding ?? 0, 1), ceil_mode, count_include_pad);

            public static Tensor avg_pool2d(Tensor input, long[] kernelSizes, long[] strides = null, long[] paddings = null, bool ceil_mode = false, bool count_include_pad = true) =>
                AvgPool("aten::avg_pool2d", input, kernelSizes, strides, paddings, ceil_mode, count_include_pad, null);

            public static Tensor avg_pool2d(Tensor input, long kernelSize, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true) =>
                avg_pool2d(input, Sizes.Repeat(kernelSize, 2), Sizes.Of(stride, 2), Sizes.Repeat(padding, 2), ceil_mode, count_include_pad);

            public static Tensor avg_pool2d(Tensor input, (long, long) kernelSize, (long, long)? stride = null, (long, long)? padding = null,
                bool ceil_mode = false, bool count_include_pad = true) =>
                avg_pool2d(input, Sizes.Of(kernelSize), Sizes.Of(stride), Sizes.Of(padding), ceil_mode, count_include_pad);

            public static Tensor avg_pool3d(Tensor input, long[] kernelSizes, long[] strides = null, long[] paddings = null, bool ceil_mode = false, bool count_include_pad = true) =>
                AvgPool("aten::avg_pool3d", input, kernelSizes, strides, paddings, ceil_mode, count_include_pad, null);

            public static Tensor adaptive_avg_pool1d(Tensor input, long output_size) =>
                Op.Call("aten::adaptive_avg_pool1d", input, new[] { output_size });

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) =>
                Op.Call("aten::adaptive_avg_pool2d", input, output_size);

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) => adaptive_avg_pool2d(input, Sizes.Of(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, Sizes.Repeat(output_size, 2));

            public static Tensor adaptive_avg_pool3d(Tensor input, long[] output_size) =>
                Op.Call("aten::adaptive_avg_pool3d", input, output_size);

            public static Tensor adaptive_avg_pool3d(Tensor input, (long, long, long) output_size) => adaptive_avg_pool3d(input, Sizes.Of(output_size));

            public static Tensor adaptive_avg_pool3d(Tensor input, long output_size) => adaptive_avg_pool3d(input, Sizes.Repeat(output_size, 3));

            public static Tensor adaptive_max_pool1d(Tensor x, long outputSize) => AdaptiveMaxPool("aten::adaptive_max_pool1d", x, [outputSize]);

            public static Tensor adaptive_max_pool2d(Tensor x, long[] outputSize) => AdaptiveMaxPool("aten::adaptive_max_pool2d", x, outputSize);

            public static Tensor adaptive_max_pool3d(Tensor x, long[] outputSize) => AdaptiveMaxPool("aten::adaptive_max_pool3d", x, outputSize);

            internal static Tensor AvgPool(string op, Tensor input, long[] kernel, long[] stride, long[] padding, bool ceilMode, bool countIncludePad, long? divisor) =>
                Op.Call(op, input, kernel, Sizes.OrEmpty(stride), Sizes.OrZeros(padding), ceilMode, countIncludePad, divisor is { } d ? d : Arg.None);

            private static Tensor MaxPool(string op, Tensor input, long[] kernel, long[] stride, long[] padding, long[] dilation, bool ceilMode) =>
                Op.Call(op, input, kernel, Sizes.OrEmpty(stride), Sizes.OrZeros(padding), Sizes.OrOnes(dilation), ceilMode);

            private static (Tensor, Tensor) MaxPoolWithIndices(string op, Tensor input, long[] kernel, long[] stride, long[] padding, long[] dilation, bool ceilMode)
            {
                var results = Op.CallMany(op, input, kernel, Sizes.OrEmpty(stride), Sizes.OrZeros(padding), Sizes.OrOnes(dilation), ceilMode);
                return (results[0], results[1]);
            }

            private static Tensor AdaptiveMaxPool(string op, Tensor input, long[] outputSize)
            {
                var results = Op.CallMany(op, input, outputSize);
                results[1].Dispose();
                return results[0];
            }
        }
    }
}
