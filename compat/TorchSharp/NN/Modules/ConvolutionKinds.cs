using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Conv1d : Convolution
        {
            internal Conv1d(ConvolutionShape shape, bool bias, Device device, ScalarType? dtype)
                : base(nameof(Conv1d), shape, false, bias, device, dtype)
            {
            }

            public Parameter weight { get => Weight; set => Weight = value; }

            public Parameter bias { get => Bias; set => Bias = value; }

            public override Tensor forward(Tensor input) => Convolve(input, 1, "aten::conv1d");
        }

        public sealed class ConvTranspose1d : Convolution
        {
            internal ConvTranspose1d(ConvolutionShape shape, bool bias, Device device, ScalarType? dtype)
                : base(nameof(ConvTranspose1d), shape, true, bias, device, dtype)
            {
            }

            public Parameter weight { get => Weight; set => Weight = value; }

            public Parameter bias { get => Bias; set => Bias = value; }

            public override Tensor forward(Tensor input) => Deconvolve(input, "aten::conv_transpose1d");
        }

        public sealed class Conv2d : Convolution
        {
            internal Conv2d(ConvolutionShape shape, bool bias, Device device, ScalarType? dtype)
                : base(nameof(Conv2d), shape, false, bias, device, dtype)
            {
            }

            public Parameter weight { get => Weight; set => Weight = value; }

            public Parameter bias { get => Bias; set => Bias = value; }

            public override Tensor forward(Tensor input) => Convolve(input, 2, "aten::conv2d");
        }

        public sealed class ConvTranspose2d : Convolution
        {
            internal ConvTranspose2d(ConvolutionShape shape, bool bias, Device device, ScalarType? dtype)
                : base(nameof(ConvTranspose2d), shape, true, bias, device, dtype)
            {
            }

            public Parameter weight { get => Weight; set => Weight = value; }

            public Parameter bias { get => Bias; set => Bias = value; }

            public override Tensor forward(Tensor input) => Deconvolve(input, "aten::conv_transpose2d.input");
        }

        public sealed class Conv3d : Convolution
        {
            internal Conv3d(ConvolutionShape shape, bool bias, Device device, ScalarType? dtype)
                : base(nameof(Conv3d), shape, false, bias, device, dtype)
            {
            }

            public Parameter weight { get => Weight; set => Weight = value; }

            public Parameter bias { get => Bias; set => Bias = value; }

            public override Tensor forward(Tensor input) => Convolve(input, 3, "aten::conv3d");
        }

        public sealed class ConvTranspose3d : Convolution
        {
            internal ConvTranspose3d(ConvolutionShape shape, bool bias, Device device, ScalarType? dtype)
                : base(nameof(ConvTranspose3d), shape, true, bias, device, dtype)
            {
            }

            public Parameter weight { get => Weight; set => Weight = value; }

            public Parameter bias { get => Bias; set => Bias = value; }

            public override Tensor forward(Tensor input) => Deconvolve(input, "aten::conv_transpose3d.input");
        }
    }
}
