using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Dropout1d Dropout1d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Dropout3d Dropout3d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static AlphaDropout AlphaDropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static FeatureAlphaDropout FeatureAlphaDropout(double p = 0.5) => new(p);
        }
    }

    namespace Modules
    {
        public sealed class Dropout : nn.Module<Tensor, Tensor>
        {
            private readonly double _p;
            private readonly bool _inplace;

            internal Dropout(double p, bool inplace) : base(nameof(Dropout)) => (_p, _inplace) = (DropoutRate.Check(p), inplace);

            public override Tensor forward(Tensor tensor) => nn.functional.dropout(tensor, _p, training, _inplace);
        }

        public sealed class Dropout1d : nn.Module<Tensor, Tensor>
        {
            private readonly double _p;
            private readonly bool _inplace;

            internal Dropout1d(double p, bool inplace) : base(nameof(Dropout1d)) => (_p, _inplace) = (DropoutRate.Check(p), inplace);

            public override Tensor forward(Tensor tensor) => nn.functional.dropout1d(tensor, _p, training, _inplace);
        }

        public sealed class Dropout2d : nn.Module<Tensor, Tensor>
        {
            private readonly double _p;
            private readonly bool _inplace;

            internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d)) => (_p, _inplace) = (DropoutRate.Check(p), inplace);

            public override Tensor forward(Tensor input) => nn.functional.dropout2d(input, _p, training, _inplace);
        }

        public sealed class Dropout3d : nn.Module<Tensor, Tensor>
        {
            private readonly double _p;
            private readonly bool _inplace;

            internal Dropout3d(double p, bool inplace) : base(nameof(Dropout3d)) => (_p, _inplace) = (DropoutRate.Check(p), inplace);

            public override Tensor forward(Tensor input) => nn.functional.dropout3d(input, _p, training, _inplace);
        }

        public sealed class AlphaDropout : nn.Module<Tensor, Tensor>
        {
            private readonly double _p;
            private readonly bool _inplace;

            internal AlphaDropout(double p, bool inplace) : base(nameof(AlphaDropout)) => (_p, _inplace) = (DropoutRate.Check(p), inplace);

            public override Tensor forward(Tensor tensor) => nn.functional.alpha_dropout(tensor, _p, training, _inplace);
        }

        public sealed class FeatureAlphaDropout : nn.Module<Tensor, Tensor>
        {
            private readonly double _p;

            internal FeatureAlphaDropout(double p) : base(nameof(FeatureAlphaDropout)) => _p = DropoutRate.Check(p);

            public override Tensor forward(Tensor tensor) => nn.functional.feature_alpha_dropout(tensor, _p, training);
        }

        internal static class DropoutRate
        {
            internal static double Check(double p) =>
                p is >= 0 and <= 1 ? p : throw new ArgumentException($"dropout probability has to be between 0 and 1, but got {p}");
        }
    }
}
