using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }

    namespace Modules
    {
        /// <summary>A tensor that a module learns. It takes the data over: the tensor that it was made from is spent.</summary>
        public class Parameter : Tensor
        {
            public Parameter(Tensor data, bool requires_grad = true) : base(data.DecoupleFromNativeHandle())
            {
                this.requires_grad = requires_grad;
            }
        }
    }
}
