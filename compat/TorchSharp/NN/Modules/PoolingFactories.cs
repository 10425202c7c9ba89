using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static MaxPool1d MaxPool1d(long kernelSize, long? stride = null, long? padding = null, long? dilation = null, bool ceilMode = false) =>
            new(new([kernelSize], Sizes.Of(stride), Sizes.Of(padding), Sizes.Of(dilation), ceilMode));

        public static AvgPool1d AvgPool1d(long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true,
            long? divisor_override = null)
        {
            if (divisor_override is not null) throw new ArgumentException("AvgPool1d: divisor_override is not supported in one dimension.", nameof(divisor_override));
            return new(new([kernel_size], Sizes.Of(stride), [padding], null, ceil_mode), count_include_pad);
        }

        public static MaxPool2d MaxPool2d(long kernelSize, long? stride = null, long? padding = null, long? dilation = null, bool ceilMode = false) =>
            new(new(Sizes.Repeat(kernelSize, 2), Sizes.Of(stride, 2), Sizes.Of(padding, 2), Sizes.Of(dilation, 2), ceilMode));

        public static MaxPool2d MaxPool2d((long, long) kernelSize, (long, long)? stride = null, (long, long)? padding = null,
            (long, long)? dilation = null, bool ceilMode = false) =>
            new(new(Sizes.Of(kernelSize), Sizes.Of(stride), Sizes.Of(padding), Sizes.Of(dilation), ceilMode));

        public static MaxPool2d MaxPool2d(long[] kernelSize, long[] strides = null, long[] padding = null, long[] dilation = null, bool ceilMode = false) =>
            new(new(kernelSize, strides, padding, dilation, ceilMode));

        public static AvgPool2d AvgPool2d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false,
            bool count_include_pad = true, long? divisor_override = null) =>
            new(new(Sizes.Repeat(kernel_size, 2), Sizes.Of(stride, 2), Sizes.Of(padding, 2), null, ceil_mode), count_include_pad, divisor_override);

        public static AvgPool2d AvgPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false,
            bool count_include_pad = true, long? divisor_override = null) =>
            new(new(Sizes.Of(kernel_size), Sizes.Of(stride), Sizes.Of(padding), null, ceil_mode), count_include_pad, divisor_override);

        public static AvgPool2d AvgPool2d(long[] kernel_size, long[] strides = null, long[] padding = null, bool ceil_mode = false,
            bool count_include_pad = true, long? divisor_override = null) =>
            new(new(kernel_size, strides, padding, null, ceil_mode), count_include_pad, divisor_override);

        public static MaxPool3d MaxPool3d(long kernelSize, long? stride = null, long? padding = null, long? dilation = null, bool ceilMode = false) =>
            new(new(Sizes.Repeat(kernelSize, 3), Sizes.Of(stride, 3), Sizes.Of(padding, 3), Sizes.Of(dilation, 3), ceilMode));

        public static MaxPool3d MaxPool3d((long, long, long) kernelSize, (long, long, long)? stride = null, (long, long, long)? padding = null,
            (long, long, long)? dilation = null, bool ceilMode = false) =>
            new(new(Sizes.Of(kernelSize), Sizes.Of(stride), Sizes.Of(padding), Sizes.Of(dilation), ceilMode));

        public static MaxPool3d MaxPool3d(long[] kernelSize, long[] strides = null, long[] padding = null, long[] dilation = null, bool ceilMode = false) =>
            new(new(kernelSize, strides, padding, dilation, ceilMode));

        public static AvgPool3d AvgPool3d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false,
            bool count_include_pad = true, long? divisor_override = null) =>
            new(new(Sizes.Repeat(kernel_size, 3), Sizes.Of(stride, 3), Sizes.Of(padding, 3), null, ceil_mode), count_include_pad, divisor_override);

        public static AvgPool3d AvgPool3d((long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, bool ceil_mode = false,
            bool count_include_pad = true, long? divisor_override = null) =>
            new(new(Sizes.Of(kernel_size), Sizes.Of(stride), Sizes.Of(padding), null, ceil_mode), count_include_pad, divisor_override);

        public static AvgPool3d AvgPool3d(long[] kernel_size, long[] strides = null, long[] padding = null, bool ceil_mode = false,
            bool count_include_pad = true, long? divisor_override = null) =>
            new(new(kernel_size, strides, padding, null, ceil_mode), count_include_pad, divisor_override);
    }
}
