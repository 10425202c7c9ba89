using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Conv1d Conv1d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0, long dilation = 1,
            PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Repeat(kernelSize, 1), Sizes.Repeat(stride, 1), Sizes.Repeat(padding, 1), Sizes.Repeat(dilation, 1), padding_mode, groups), bias, device, dtype);

        public static Conv1d Conv1d(long in_channels, long out_channels, long kernelSize, Padding padding, long stride = 1, long dilation = 1,
            PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Repeat(kernelSize, 1), Sizes.Repeat(stride, 1), Sizes.Repeat(0, 1), Sizes.Repeat(dilation, 1), padding_mode, groups)
                { Same = padding == Padding.Same }, bias, device, dtype);

        public static Conv2d Conv2d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0, long dilation = 1,
            PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Repeat(kernelSize, 2), Sizes.Repeat(stride, 2), Sizes.Repeat(padding, 2), Sizes.Repeat(dilation, 2), padding_mode, groups), bias, device, dtype);

        public static Conv2d Conv2d(long in_channels, long out_channels, long kernelSize, Padding padding, long stride = 1, long dilation = 1,
            PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Repeat(kernelSize, 2), Sizes.Repeat(stride, 2), Sizes.Repeat(0, 2), Sizes.Repeat(dilation, 2), padding_mode, groups)
                { Same = padding == Padding.Same }, bias, device, dtype);

        public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernelSize, (long, long)? stride = null, (long, long)? padding = null,
            (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Of(kernelSize), Sizes.Of(stride) ?? Sizes.Repeat(1, 2), Sizes.Of(padding) ?? Sizes.Repeat(0, 2),
                Sizes.Of(dilation) ?? Sizes.Repeat(1, 2), padding_mode, groups), bias, device, dtype);

        public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernelSize, Padding padding, (long, long)? stride = null,
            (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Of(kernelSize), Sizes.Of(stride) ?? Sizes.Repeat(1, 2), Sizes.Repeat(0, 2),
                Sizes.Of(dilation) ?? Sizes.Repeat(1, 2), padding_mode, groups)
                { Same = padding == Padding.Same }, bias, device, dtype);

        public static Conv3d Conv3d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0, long dilation = 1,
            PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Repeat(kernelSize, 3), Sizes.Repeat(stride, 3), Sizes.Repeat(padding, 3), Sizes.Repeat(dilation, 3), padding_mode, groups), bias, device, dtype);

        public static Conv3d Conv3d(long in_channels, long out_channels, long kernelSize, Padding padding, long stride = 1, long dilation = 1,
            PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Repeat(kernelSize, 3), Sizes.Repeat(stride, 3), Sizes.Repeat(0, 3), Sizes.Repeat(dilation, 3), padding_mode, groups)
                { Same = padding == Padding.Same }, bias, device, dtype);

        public static Conv3d Conv3d(long in_channels, long out_channels, (long, long, long) kernelSize, (long, long, long)? stride = null, (long, long, long)? padding = null,
            (long, long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Of(kernelSize), Sizes.Of(stride) ?? Sizes.Repeat(1, 3), Sizes.Of(padding) ?? Sizes.Repeat(0, 3),
                Sizes.Of(dilation) ?? Sizes.Repeat(1, 3), padding_mode, groups), bias, device, dtype);

        public static Conv3d Conv3d(long in_channels, long out_channels, (long, long, long) kernelSize, Padding padding, (long, long, long)? stride = null,
            (long, long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Of(kernelSize), Sizes.Of(stride) ?? Sizes.Repeat(1, 3), Sizes.Repeat(0, 3),
                Sizes.Of(dilation) ?? Sizes.Repeat(1, 3), padding_mode, groups)
                { Same = padding == Padding.Same }, bias, device, dtype);

        public static ConvTranspose1d ConvTranspose1d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0,
            long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Repeat(kernelSize, 1), Sizes.Repeat(stride, 1), Sizes.Repeat(padding, 1), Sizes.Repeat(dilation, 1), padding_mode, groups)
                { OutputPadding = Sizes.Repeat(output_padding, 1) }, bias, device, dtype);

        public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0,
            long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Repeat(kernelSize, 2), Sizes.Repeat(stride, 2), Sizes.Repeat(padding, 2), Sizes.Repeat(dilation, 2), padding_mode, groups)
                { OutputPadding = Sizes.Repeat(output_padding, 2) }, bias, device, dtype);

        public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, (long, long) kernelSize, (long, long)? stride = null, (long, long)? padding = null,
            (long, long)? output_padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Of(kernelSize), Sizes.Of(stride) ?? Sizes.Repeat(1, 2), Sizes.Of(padding) ?? Sizes.Repeat(0, 2),
                Sizes.Of(dilation) ?? Sizes.Repeat(1, 2), padding_mode, groups)
                { OutputPadding = Sizes.Of(output_padding) ?? Sizes.Repeat(0, 2) }, bias, device, dtype);

        public static ConvTranspose3d ConvTranspose3d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0,
            long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Repeat(kernelSize, 3), Sizes.Repeat(stride, 3), Sizes.Repeat(padding, 3), Sizes.Repeat(dilation, 3), padding_mode, groups)
                { OutputPadding = Sizes.Repeat(output_padding, 3) }, bias, device, dtype);

        public static ConvTranspose3d ConvTranspose3d(long in_channels, long out_channels, (long, long, long) kernelSize, (long, long, long)? stride = null, (long, long, long)? padding = null,
            (long, long, long)? output_padding = null, (long, long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
            Device device = null, ScalarType? dtype = null) =>
            new(new(in_channels, out_channels, Sizes.Of(kernelSize), Sizes.Of(stride) ?? Sizes.Repeat(1, 3), Sizes.Of(padding) ?? Sizes.Repeat(0, 3),
                Sizes.Of(dilation) ?? Sizes.Repeat(1, 3), padding_mode, groups)
                { OutputPadding = Sizes.Of(output_padding) ?? Sizes.Repeat(0, 3) }, bias, device, dtype);
    }
}
