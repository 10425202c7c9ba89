namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Scores N×classes against class numbers N, or against probabilities N×classes.</summary>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Op.Call("aten::cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor weight = null, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::nll_loss_nd", input, target, weight, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::mse_loss", input, target, (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::l1_loss", input, target, (long)reduction);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) =>
                Op.Call("aten::smooth_l1_loss", input, target, (long)reduction, beta);

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::huber_loss", input, target, (long)reduction, delta);

            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor weight = null, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::binary_cross_entropy", input, target, weight, (long)reduction);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor weight = null, Reduction reduction = Reduction.Mean,
                Tensor pos_weights = null) =>
                Op.Call("aten::binary_cross_entropy_with_logits", input, target, weight, pos_weights, (long)reduction);

            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::kl_div", input, target, (long)reduction, log_target);

            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::soft_margin_loss", input, target, (long)reduction);

            public static Tensor hinge_embedding_loss(Tensor input, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::hinge_embedding_loss", input, target, margin, (long)reduction);

            public static Tensor margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::margin_ranking_loss", input1, input2, target, margin, (long)reduction);

            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::cosine_embedding_loss", input1, input2, target, margin, (long)reduction);

            public static Tensor multi_margin_loss(Tensor input, Tensor target, int p = 1, double margin = 1.0, Tensor weight = null,
                Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::multi_margin_loss", input, target, (long)p, margin, weight, (long)reduction);

            public static Tensor triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, double margin = 1.0, long p = 2, double eps = 1e-06,
                bool swap = false, Reduction reduction = Reduction.Mean) =>
                Op.Call("aten::triplet_margin_loss", anchor, positive, negative, margin, (double)p, eps, swap, (long)reduction);

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-8) =>
                Op.Call("aten::cosine_similarity", x1, x2, dim, eps);

            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2.0, double eps = 1e-6, bool keep_dim = false) =>
                Op.Call("aten::pairwise_distance", input1, input2, p, eps, keep_dim);
        }
    }
}
