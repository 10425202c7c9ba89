using static TorchSharp.torch;

namespace CnnTrainers.Kernels;

/// <summary>
/// A linear layer of many weights in bfloat16, from weights in float32. libtorch makes their whole gradient in bfloat16 first and then in
/// float32; here it is done part by part, each of which stays in the processor's cache and is let go.
/// </summary>
internal sealed class LinearFunction : FusedFunction<LinearFunction, LinearFunction.None>
{
    private const long PartNumbers = 4 << 20, FewestOutputs = 64;

    /// <summary>It is given tensors alone.</summary>
    public sealed record None;

    /// <summary>Whether it gains: there is more than one part.</summary>
    public static bool Suits(Tensor weight) => weight.numel() > PartNumbers && weight.shape[0] > FewestOutputs;

    /// <summary>Applies it.</summary>
    /// <param name="x">Images × inputs, bfloat16.</param>
    /// <param name="weight">Outputs × inputs, float32.</param>
    /// <param name="bias">Of the outputs, float32.</param>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias) => Apply(new None(), x, weight, bias)[0];

    /// <inheritdoc/>
    protected override (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, None settings)
    {
        var (x, weight) = (inputs[0]!, inputs[1]!);
        var half = weight.to(x.dtype);
        using var shift = inputs[2]?.to(x.dtype);
        return ([nn.functional.linear(x, half, shift)], [x, weight, half]);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, None settings, bool[] wanted)
    {
        var (g, x, weight, half) = (outputs[0]!, kept[0], kept[1], kept[2]);
        var dx = wanted[0] ? g.mm(half) : null;
        var dweight = wanted[1] ? WeightGradient(g, x, weight) : null;
        var isGiven = dweight is not null && BackwardPass.TryGive(dweight, weight);
        return [dx, isGiven ? null : dweight, wanted[2] ? g.sum(0, type: weight.dtype) : null];
    }

    /// <inheritdoc/>
    protected override Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, None settings, bool[] wanted)
    {
        var (g, x, weight) = (outputs[0]!, kept[0], kept[1]);
        var gradients = Differentiate(nn.functional.linear(x, weight.to(x.dtype)), g, [x, weight], wanted);
        return [.. gradients, wanted[2] ? g.sum(0, type: weight.dtype) : null];
    }

    private static Tensor WeightGradient(Tensor g, Tensor x, Tensor weight)
    {
        var (result, outputs) = (empty_like(weight), weight.shape[0]);
        var step = Math.Max(FewestOutputs, PartNumbers / weight.shape[1] / FewestOutputs * FewestOutputs);
        for (var first = 0L; first < outputs; first += step)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(step, outputs - first);
            result.narrow(0, first, count).copy_(g.narrow(1, first, count).t().mm(x));
        }
        return result;
    }
}
