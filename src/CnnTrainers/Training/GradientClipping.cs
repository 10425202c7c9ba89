using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Makes gradients smaller before a step, as torch.nn.utils does.</summary>
internal static class GradientClipping
{
    /// <summary>Does what the options ask for: first the values, then the norm.</summary>
    public static void Apply(IReadOnlyList<Parameter> parameters, CnnTrainerOptions options)
    {
        if (options.ClipGradientValue is null && options.ClipGradientNorm is null)
            return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var gradients = parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToList();
        if (options.ClipGradientValue is { } bound)
            gradients.ForEach(gradient => gradient.clamp_(-bound, bound));
        if (options.ClipGradientNorm is { } longest)
            ClipNorm(gradients, longest);
    }

    // The small number keeps a norm of 0 from being divided by. On a card nobody waits for the norm.
    private static void ClipNorm(List<Tensor> gradients, double longest)
    {
        if (gradients.FirstOrDefault()?.device.type is not (null or DeviceType.CPU))
        {
            var shorter = (longest / (stack(gradients.Select(gradient => gradient.norm())).norm() + 1e-6)).clamp_max(1);
            gradients.ForEach(gradient => gradient.mul_(shorter));
            return;
        }
        var norm = Math.Sqrt(gradients.Sum(gradient => Math.Pow(gradient.norm().item<float>(), 2)));
        if (longest / (norm + 1e-6) is < 1 and var factor)
            gradients.ForEach(gradient => gradient.mul_(factor));
    }
}
