using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static PReLU PReLU(long num_parameters, double init = 0.25, Device device = null, ScalarType? dtype = null) =>
                new(num_parameters, init, device, dtype);
        }
    }

    namespace Modules
    {
        public sealed class PReLU : nn.Module<Tensor, Tensor>
        {
            internal PReLU(long parameters, double init, Device device, ScalarType? dtype) : base(nameof(PReLU))
            {
                (device, dtype) = GetDefaultDeviceAndType(device, dtype);
                register_parameter("weight", new Parameter(full([parameters], init, dtype, device)));
            }

            public Parameter weight { get => OwnParameter("weight"); set => SetParameter("weight", value); }

            public override Tensor forward(Tensor tensor) => nn.functional.prelu(tensor, weight);

            public override string GetName() => nameof(PReLU);
        }
    }
}
