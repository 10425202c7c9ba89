namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Apply("aten::dropout", inplace, input, p, training);

            /// <summary>Drops whole channels of N×C×L.</summary>
            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                DropChannels(input, 2, p, training, inplace);

            /// <summary>Drops whole channels of N×C×H×W.</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                DropChannels(input, 3, p, training, inplace);

            /// <summary>Drops whole channels of N×C×D×H×W.</summary>
            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                DropChannels(input, 4, p, training, inplace);

            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                Apply("aten::alpha_dropout", inplace, input, p, training);

            public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                Apply("aten::feature_alpha_dropout", inplace, input, p, training);

            /// <summary>The operator takes the second dimension for the channels: one image alone gets a batch of one around it.</summary>
            private static Tensor DropChannels(Tensor input, int unbatchedRank, double p, bool training, bool inplace)
            {
                if (unbatchedRank == 3 || input.dim() != unbatchedRank) return Apply("aten::feature_dropout", inplace, input, p, training);
                using var batch = input.unsqueeze(0);
                using var dropped = Apply("aten::feature_dropout", inplace, batch, p, training);
                return dropped.squeeze(0);
            }
        }
    }
}
