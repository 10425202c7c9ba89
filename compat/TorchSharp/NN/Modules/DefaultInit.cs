using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>How PyTorch draws the weights of a new layer, in its order, from the default generator.</summary>
internal static class DefaultInit
{
    /// <summary>Weight and bias, both uniform within ±1/sqrt(fan in): kaiming_uniform with a = sqrt(5) comes to that.</summary>
    internal static void WeightAndBias(nn.Module owner, long[] weightShape, long? biasLength, Device device, ScalarType? dtype)
    {
        (device, dtype) = nn.Module.DefaultDeviceAndType(device, dtype);
        var weight = empty(weightShape, dtype, device);
        init.kaiming_uniform_(weight, Math.Sqrt(5));
        owner.register_parameter("weight", new Parameter(weight));
        if (biasLength is not { } length) return;

        var bias = empty([length], dtype, device);
        var fanIn = weightShape[1..].Aggregate(1L, (product, size) => product * size);
        var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        init.uniform_(bias, -bound, bound);
        owner.register_parameter("bias", new Parameter(bias));
    }

    /// <summary>Scale one, shift zero.</summary>
    internal static void Affine(nn.Module owner, long[] shape, bool bias, Device device, ScalarType? dtype)
    {
        (device, dtype) = nn.Module.DefaultDeviceAndType(device, dtype);
        owner.register_parameter("weight", new Parameter(ones(shape, dtype, device)));
        if (bias) owner.register_parameter("bias", new Parameter(zeros(shape, dtype, device)));
    }

    /// <summary>Running mean zero, running variance one, no batch counted yet.</summary>
    internal static void RunningStatistics(nn.Module owner, long features, Device device, ScalarType? dtype)
    {
        (device, dtype) = nn.Module.DefaultDeviceAndType(device, dtype);
        owner.register_buffer("running_mean", zeros([features], dtype, device));
        owner.register_buffer("running_var", ones([features], dtype, device));
        owner.register_buffer("num_batches_tracked", zeros([], ScalarType.Int64, device));
    }

    internal static void ResetRunningStatistics(nn.Module owner)
    {
        using var guard = no_grad();
        owner.OwnBuffer("running_mean")?.zero_();
        owner.OwnBuffer("running_var")?.fill_(1);
        owner.OwnBuffer("num_batches_tracked")?.zero_();
    }
}
