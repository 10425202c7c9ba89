using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The forward pass that the batch and instance normalizations of one, two and three dimensions share.</summary>
internal static class Normalizing
{
    internal static Tensor Batch(nn.Module owner, Tensor input, int minimumRank, int maximumRank, double momentum, double eps, bool relu = false)
    {
        CheckRank("BatchNorm", input, minimumRank, maximumRank);
        var (mean, variance) = (owner.OwnBuffer("running_mean"), owner.OwnBuffer("running_var"));
        if (owner.training) CountBatch(owner);
        var ownStatistics = owner.training || mean is null;
        var (weight, bias) = (owner.OwnParameter("weight"), owner.OwnParameter("bias"));
        return Op.Call("cnntorch::batch_norm", input, weight, bias, mean, variance, ownStatistics, momentum, eps, relu);
    }

    internal static Tensor BatchReluPool(nn.Module owner, Tensor input, double momentum, double eps, PoolShape pool)
    {
        CheckRank("BatchNorm", input, 4, 4);
        CountBatch(owner);
        return Op.Call("cnntorch::norm_relu_max_pool2d", input, owner.OwnParameter("weight"), owner.OwnParameter("bias"), owner.OwnBuffer("running_mean"),
            owner.OwnBuffer("running_var"), momentum, eps, pool.Kernel, pool.Stride ?? pool.Kernel, Sizes.OrZeros(pool.Padding));
    }

    internal static Tensor Instance(nn.Module owner, Tensor input, int minimumRank, int maximumRank, double momentum, double eps)
    {
        CheckRank("InstanceNorm", input, minimumRank, maximumRank);
        var (mean, variance) = (owner.OwnBuffer("running_mean"), owner.OwnBuffer("running_var"));
        var ownStatistics = owner.training || mean is null;
        var (weight, bias) = (owner.OwnParameter("weight"), owner.OwnParameter("bias"));
        if (input.dim() == maximumRank) return nn.functional.instance_norm(input, mean, variance, weight, bias, ownStatistics, momentum, eps);

        using var batch = input.unsqueeze(0);
        using var result = nn.functional.instance_norm(batch, mean, variance, weight, bias, ownStatistics, momentum, eps);
        return result.squeeze(0);
    }

    private static void CountBatch(nn.Module owner)
    {
        if (owner.OwnBuffer("num_batches_tracked") is { } count) Op.CallVoid("aten::add_.Scalar", count, 1L);
    }

    private static void CheckRank(string kind, Tensor input, int minimum, int maximum)
    {
        var rank = input.dim();
        if (rank < minimum || rank > maximum) throw new ArgumentException($"Invalid number of dimensions for {kind} argument: {rank}");
    }
}
