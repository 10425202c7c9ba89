using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Identity Identity() => new();

            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device device = null, ScalarType? dtype = null)
            {
                (device, dtype) = Module.DefaultDeviceAndType(device, dtype);
                var weight = init.normal_(empty(num_embeddings, embedding_dims, dtype, device));
                if (padding_idx is { } row)
                {
                    using var padding = weight.select(0, row);
                    padding.zero_();
                }
                return new(new Parameter(weight), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            }

            public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device device = null, ScalarType? dtype = null)
            {
                (device, dtype) = (device ?? embeddings.device, dtype ?? embeddings.dtype);
                var weight = embeddings.detach().to(dtype.Value, device).clone();
                return new(new Parameter(weight, !freeze), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            }
        }
    }

    namespace Modules
    {
        /// <summary>x → x·weightᵀ + bias, N×in → N×out.</summary>
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            internal Linear(long inputSize, long outputSize, bool bias, Device device, ScalarType? dtype) : base(nameof(Linear)) =>
                DefaultInit.WeightAndBias(this, [outputSize, inputSize], bias ? outputSize : null, device, dtype);

            public Parameter weight { get => OwnParameter("weight"); set => SetParameter("weight", value); }

            public Parameter bias { get => OwnParameter("bias"); set => SetParameter("bias", value); }

            public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
        }

        public sealed class Identity : nn.Module<Tensor, Tensor>
        {
            internal Identity() : base(nameof(Identity))
            {
            }

            public override Tensor forward(Tensor tensor) => tensor.alias();
        }

        /// <summary>Whole numbers to rows of a table.</summary>
        public sealed class Embedding : nn.Module<Tensor, Tensor>
        {
            private readonly long? _paddingIndex;
            private readonly double? _maxNorm;
            private readonly double _normType;
            private readonly bool _scaleByFrequency;
            private readonly bool _sparse;

            internal Embedding(Parameter weight, long? paddingIndex, double? maxNorm, double normType, bool scaleByFrequency, bool sparse)
                : base(nameof(Embedding))
            {
                (_paddingIndex, _maxNorm, _normType, _scaleByFrequency, _sparse) = (paddingIndex, maxNorm, normType, scaleByFrequency, sparse);
                register_parameter("weight", weight);
            }

            public Parameter weight { get => OwnParameter("weight"); set => SetParameter("weight", value); }

            public override Tensor forward(Tensor input)
            {
                if (_maxNorm is { } limit)
                {
                    using var guard = no_grad();
                    Op.CallVoid("aten::embedding_renorm_", weight, input, limit, _normType);
                }
                return Op.Call("aten::embedding", weight, input, _paddingIndex ?? -1, _scaleByFrequency, _sparse);
            }
        }
    }
}
