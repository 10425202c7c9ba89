using System.Runtime.InteropServices;
using CnnTrainers.Devices;
using CnnTrainers.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Distributed;

/// <summary>
/// Batch norms over the batches of all processes together, while it exists: mean, variance and what the gradients need of them are sums over
/// all (as Peng et al., arXiv:1711.07240, do it). The modules stay as they are; what they compute from their own part is replaced.
/// </summary>
internal sealed class SynchronizedNorms : IDisposable
{
    private readonly List<(BatchNorm2d Norm, double? Momentum, Action Remove)> _norms = [];

    /// <summary>Synchronises the norms of a network.</summary>
    public SynchronizedNorms(nn.Module network, Ranks ranks)
    {
        foreach (var norm in network.modules().OfType<BatchNorm2d>().Distinct().Where(norm => norm is { affine: true, momentum: not null, running_mean: not null }))
        {
            var momentum = norm.momentum!.Value;
            NormSettings.Separate(norm);
            norm.momentum = 0; // its own part's averages are nothing to keep
            var hook = norm.register_forward_hook((_, x, own) => norm.training ? Replace(own, Function.Apply(norm, x, new(ranks, norm, momentum))) : own);
            _norms.Add((norm, momentum, hook.remove));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (norm, momentum, remove) in _norms)
        {
            remove();
            norm.momentum = momentum;
            NormSettings.Join(norm);
        }
    }

    private static Tensor Replace(Tensor own, Tensor joint)
    {
        own.Dispose();
        return joint;
    }

    private sealed record Settings(Ranks Ranks, BatchNorm2d Norm, double Momentum)
    {
        public double Count { get; set; } // values of a channel, of all processes
    }

    private sealed class Function : FusedFunction<Function, Settings>
    {
        private static readonly long[] _allButChannels = [0, 2, 3];

        public static Tensor Apply(BatchNorm2d norm, Tensor x, Settings settings) => Apply(settings, x, norm.weight, norm.bias)[0];

        protected override (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, Settings settings)
        {
            var (x, weight, bias) = (inputs[0]!, inputs[1]!, inputs[2]!);
            var values = x.to(ScalarType.Float32);
            var (mean, variance) = (values.mean(_allButChannels), values.var(_allButChannels, unbiased: false));
            (mean, variance) = Join(settings, mean, variance, (double)x.numel() / x.shape[1]);
            Keep(settings, mean, variance);
            var scale = (variance + settings.Norm.eps).rsqrt();
            var y = (values - Wide(mean)) * Wide(scale * weight) + Wide(bias);
            return ([y.to(x.dtype)], [x, weight, mean, scale]);
        }

        protected override Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
        {
            if (outputs[0] is null)
                return [null, null, null];
            var (g, x, weight, mean, scale) = (outputs[0]!.to(ScalarType.Float32), kept[0].to(ScalarType.Float32), kept[1], kept[2], kept[3]);
            var normal = (x - Wide(mean)) * Wide(scale);
            var (sum, product) = (g.sum(_allButChannels), (g * normal).sum(_allButChannels));
            var (sums, products) = Sum(settings.Ranks, sum, product);
            var dx = (g - Wide(sums / settings.Count) - normal * Wide(products / settings.Count)) * Wide(scale * weight);
            return [dx.to(kept[0].dtype), product, sum];
        }

        protected override Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted) =>
            throw new NotSupportedException("Synchronised norms have no second derivative.");

        // Sums about zero, in float64: what they lose to the difference of two large numbers is less than float32 has.
        private static (Tensor Mean, Tensor Variance) Join(Settings settings, Tensor mean, Tensor variance, double count)
        {
            using var scope = NewDisposeScope();
            var device = ComputeDevice.At(mean);
            var (m, v) = (Read(device, mean), Read(device, variance));
            double[] sums = [count, .. m.Select(one => count * one), .. m.Zip(v, (one, two) => count * (two + one * one))];
            settings.Ranks.Sum(sums.AsSpan());
            settings.Count = sums[0];
            double[] means = [.. sums[1..(m.Length + 1)].Select(one => one / sums[0])];
            float[] variances = [.. sums[(m.Length + 1)..].Select((one, c) => (float)Math.Max(0, one / sums[0] - means[c] * means[c]))];
            return (device.Of([.. means.Select(one => (float)one)]).MoveToOuterDisposeScope(), device.Of(variances).MoveToOuterDisposeScope());
        }

        private static (Tensor, Tensor) Sum(Ranks ranks, Tensor one, Tensor two)
        {
            using var scope = NewDisposeScope();
            var device = ComputeDevice.At(one);
            double[] sums = [.. Read(device, one), .. Read(device, two)];
            ranks.Sum(sums.AsSpan());
            Tensor Of(IEnumerable<double> values) => device.Of([.. values.Select(value => (float)value)]).MoveToOuterDisposeScope();
            return (Of(sums.Take(sums.Length / 2)), Of(sums.Skip(sums.Length / 2)));
        }

        private static double[] Read(ComputeDevice device, Tensor values) =>
            [.. MemoryMarshal.Cast<byte, float>(device.Read(values).contiguous().bytes).ToArray().Select(value => (double)value)];

        // As a norm keeps them: the variance as estimated from all values but one.
        private static void Keep(Settings settings, Tensor mean, Tensor variance)
        {
            var unbiased = variance * (settings.Count / Math.Max(1, settings.Count - 1));
            settings.Norm.running_mean!.mul_(1 - settings.Momentum).add_(mean, alpha: settings.Momentum);
            settings.Norm.running_var!.mul_(1 - settings.Momentum).add_(unbiased, alpha: settings.Momentum);
        }

        private static Tensor Wide(Tensor perChannel) => perChannel.reshape(1, -1, 1, 1);
    }
}
