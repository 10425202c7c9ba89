using CnnTrainers.Devices;
using static TorchSharp.torch;

namespace CnnTrainers.Architectures;

/// <summary>
/// A network's state in PyTorch's order: layer by layer, parameters before buffers. TorchSharp's <c>state_dict</c> has the same entries,
/// but lists all parameters of the network first.
/// </summary>
internal static class NetworkState
{
    /// <summary>Every parameter and buffer with its full name. The tensors belong to the network.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Entries(nn.Module module, string prefix = "")
    {
        // A container may list its children's entries as its own; these have a dot.
        foreach (var (name, parameter) in module.named_parameters(false).Where(entry => !entry.Item1.Contains('.')))
            yield return (prefix + name, parameter);
        foreach (var (name, buffer) in module.named_buffers(false).Where(entry => !entry.Item1.Contains('.')))
            yield return (prefix + name, buffer);
        foreach (var (name, child) in module.named_children())
        {
            foreach (var entry in Entries(child, $"{prefix}{name}."))
                yield return entry;
        }
    }

    /// <summary>Whether no value is infinite or NaN.</summary>
    public static bool IsFinite(nn.Module module, ComputeDevice device)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return device.ReadAll(Entries(module).Select(entry => entry.Value.isfinite()));
    }

    /// <summary>The number of trainable values.</summary>
    public static long ParameterCount(nn.Module module) => module.parameters().Sum(parameter => parameter.numel());
}
