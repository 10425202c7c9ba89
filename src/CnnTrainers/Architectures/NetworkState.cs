using CnnTrainers.Devices;
using CnnTrainers.Kernels;
using TorchSharp.Modules;
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
        foreach (var (name, parameter) in OwnParameters(module))
            yield return (prefix + name, parameter);
        foreach (var (name, buffer) in Own(module, module.named_buffers(false), child => child.named_buffers()))
            yield return (prefix + name, buffer);
        foreach (var (name, child) in module.named_children())
        {
            foreach (var entry in Entries(child, $"{prefix}{name}."))
                yield return entry;
        }
    }

    /// <summary>The entries without those that are a tensor once more, under another name: of a layer that stands in two places.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Distinct(nn.Module module) => Entries(module).DistinctBy(entry => TensorHold.AddressOf(entry.Value));

    /// <summary>
    /// A module's parameters without those of the modules inside it. A name may have a dot all the same: MultiheadAttention is one module in
    /// TorchSharp, with <c>out_proj.weight</c>.
    /// </summary>
    public static IEnumerable<(string Name, Parameter Value)> OwnParameters(nn.Module module) => Own(module, module.named_parameters(false), child => child.named_parameters());

    /// <summary>Whether no value is infinite or NaN.</summary>
    public static bool IsFinite(nn.Module module, ComputeDevice device)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return device.ReadAll(Entries(module).Select(entry => entry.Value.isfinite()));
    }

    /// <summary>The number of trainable values.</summary>
    public static long ParameterCount(nn.Module module) => module.parameters().Sum(parameter => parameter.numel());

    // A container may list its children's entries as its own.
    private static IEnumerable<(string Name, T Value)> Own<T>(nn.Module module, IEnumerable<(string Name, T Value)> listed, Func<nn.Module, IEnumerable<(string Name, T Value)>> all)
    {
        var inside = module.named_children().ToDictionary(child => child.name, child => child.module);
        return listed.Where(entry => entry.Name.IndexOf('.') is var dot && (dot < 0
            || !inside.TryGetValue(entry.Name[..dot], out var child) || !all(child).Any(one => one.Name == entry.Name[(dot + 1)..])));
    }
}
