using CnnTrainers.Architectures;
using CnnTrainers.Inference.Plan;
using CnnTrainers.Kernels;
using CnnTrainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Inference;

/// <summary>What tests of plans share.</summary>
internal static class PlanFacts
{
    public const int Classes = 10;

    /// <summary>A network in evaluation mode whose norms have averages of their own.</summary>
    public static nn.Module<Tensor, Tensor> Network(CnnArchitecture architecture, ImageShape shape)
    {
        using var generator = new Generator(1);
        var network = architecture.CreateNetwork(shape, Classes, generator);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, value) in NetworkState.Entries(network))
        {
            if (name.EndsWith("running_mean", StringComparison.Ordinal))
                value.normal_(0, 0.1, generator);
            else if (name.EndsWith("running_var", StringComparison.Ordinal))
                value.uniform_(0.5, 1.5, generator);
        }
        network.eval();
        return network;
    }

    /// <summary>Pixels of some images between -1 and 1.</summary>
    public static float[] Pixels(ImageShape shape, int images, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, images * shape.Size).Select(_ => 2 * random.NextSingle() - 1)];
    }

    /// <summary>What the modules give.</summary>
    public static float[] ByModules(nn.Module<Tensor, Tensor> network, ImageShape shape, float[] pixels)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return [.. network.call(tensor(pixels, [pixels.Length / shape.Size, shape.Channels, shape.Height, shape.Width])).contiguous().data<float>()];
    }

    /// <summary>What a plan gives.</summary>
    public static float[] ByPlan(ScoringPlan plan, ImageShape shape, float[] pixels)
    {
        var (images, logits) = (pixels.Length / shape.Size, new float[pixels.Length / shape.Size * plan.Outputs]);
        plan.Run(pixels, Normalization.Identity(shape.Channels), images, logits);
        return logits;
    }

    /// <summary>A plan; the test is skipped without the native library.</summary>
    public static ScoringPlan Plan(nn.Module<Tensor, Tensor> network, ImageShape shape, CnnPrecision precision, bool isUnknown = false)
    {
        Assert.SkipUnless(KernelLibrary.IsThere, KernelLibrary.State);
        return ScoringPlan.Of(network, shape, precision, isUnknown) ?? throw new InvalidOperationException("There is no plan.");
    }

    /// <summary>The largest difference, as a part of the largest value.</summary>
    public static double Difference(float[] expected, float[] actual) =>
        expected.Zip(actual, (a, b) => float.IsNaN(b) ? double.PositiveInfinity : Math.Abs((double)a - b)).Max() / expected.Max(Math.Abs);
}
