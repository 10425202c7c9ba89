using CnnTrainers.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>A module with its full name, such as <c>layer1.0.conv1</c>.</summary>
internal readonly record struct Layer(string Name, nn.Module Module)
{
    /// <summary>Whether this layer or a layer inside it has parameters.</summary>
    public bool HasParameters => Module.parameters().Any();

    /// <summary>Whether this is the layer with a name, or lies inside it.</summary>
    public bool IsIn(string name) => Name == name || Name.StartsWith($"{name}.", StringComparison.Ordinal);
}

/// <summary>A network as a list of layers, in the order of its state.</summary>
internal static class NetworkLayers
{
    /// <summary>The modules that compute something themselves: those without children, and those with parameters of their own.</summary>
    public static IEnumerable<Layer> All(nn.Module network) => All(new Layer("", network));

    /// <summary>The direct parts of a layer.</summary>
    public static IEnumerable<Layer> Children(Layer layer) =>
        layer.Module.named_children().Select(child => new Layer(layer.Name == "" ? child.Item1 : $"{layer.Name}.{child.Item1}", child.Item2));

    /// <summary>The parameters of a layer itself, without those of the layers inside it.</summary>
    public static IEnumerable<Parameter> Own(Layer layer) =>
        NetworkState.OwnParameters(layer.Module).Select(entry => entry.Value);

    /// <summary>
    /// The parts that people speak of: the network's children that have parameters (<c>conv1</c>, <c>layer1</c>, <c>fc</c>). Where these are
    /// only "features" and "classifier", the parts of both.
    /// </summary>
    public static IReadOnlyList<Layer> Stages(nn.Module network)
    {
        var stages = Children(new Layer("", network)).Where(child => child.HasParameters).ToList();
        if (stages.Count < 3)
            stages = [.. stages.SelectMany(stage => stage.Module is Sequential ? Children(stage).Where(child => child.HasParameters) : [stage])];
        return stages;
    }

    private static IEnumerable<Layer> All(Layer layer)
    {
        var children = Children(layer).ToList();
        if (children.Count == 0 || Own(layer).Any())
            yield return layer;
        foreach (var inner in children.SelectMany(All))
            yield return inner;
    }
}
