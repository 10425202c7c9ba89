namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor bias = null) =>
                Op.Call("aten::linear", input, weights, bias);

            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor bias = null) =>
                Op.Call("aten::bilinear", input1, input2, weight, bias);

            public static Tensor conv1d(Tensor input, Tensor weight, Tensor bias = null, long? stride = null, long? padding = null,
                long? dilation = null, long groups = 1) =>
                Op.Call("aten::conv1d", input, weight, bias, Sizes.Repeat(stride ?? 1, 1), Sizes.Repeat(padding ?? 0, 1), Sizes.Repeat(dilation ?? 1, 1), groups);

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null, long[] padding = null,
                long[] dilation = null, long groups = 1) =>
                Op.Call("aten::conv2d", input, weight, bias, Sizes.OrOnes(strides), Sizes.OrZeros(padding), Sizes.OrOnes(dilation), groups);

            public static Tensor conv3d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null, long[] padding = null,
                long[] dilation = null, long groups = 1) =>
                Op.Call("aten::conv3d", input, weight, bias, Sizes.OrOnes(strides), Sizes.OrZeros(padding), Sizes.OrOnes(dilation), groups);

            public static Tensor conv_transpose1d(Tensor input, Tensor weight, Tensor bias = null, long? stride = null, long? padding = null,
                long? output_padding = null, long? dilation = null, long groups = 1) =>
                Op.Call("aten::conv_transpose1d", input, weight, bias, Sizes.Repeat(stride ?? 1, 1), Sizes.Repeat(padding ?? 0, 1),
                    Sizes.Repeat(output_padding ?? 0, 1), groups, Sizes.Repeat(dilation ?? 1, 1));

            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null, long[] padding = null,
                long[] output_padding = null, long[] dilation = null, long groups = 1) =>
                Op.Call("aten::conv_transpose2d.input", input, weight, bias, Sizes.OrOnes(strides), Sizes.OrZeros(padding),
                    Sizes.OrZeros(output_padding), groups, Sizes.OrOnes(dilation));

            public static Tensor conv_transpose3d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null, long[] padding = null,
                long[] output_padding = null, long[] dilation = null, long groups = 1) =>
                Op.Call("aten::conv_transpose3d.input", input, weight, bias, Sizes.OrOnes(strides), Sizes.OrZeros(padding),
                    Sizes.OrZeros(output_padding), groups, Sizes.OrOnes(dilation));
        }
    }
}
