using CnnTrainers.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>A parameter that a fit changes, and the factor of its learning rate.</summary>
internal readonly record struct TrainedParameter(Parameter Parameter, double RateFactor);

/// <summary>Which layers of a network a fit changes, and how fast.</summary>
internal sealed class TrainableLayers
{
    private readonly nn.Module _network;
    private readonly HashSet<nn.Module> _frozen;

    /// <summary>The layers that options ask for.</summary>
    /// <exception cref="ArgumentException">There is no layer of that name; the message lists the network's stages.</exception>
    public TrainableLayers(nn.Module network, CnnTrainerOptions options)
    {
        var layers = NetworkLayers.All(network).ToList();
        var head = layers.FindLastIndex(layer => NetworkLayers.Own(layer).Any());
        var first = First(network, layers, head, options.TrainableFrom);
        _network = network;
        _frozen = [.. layers[..first].Select(layer => layer.Module)];
        var seen = new HashSet<nint>(); // a layer may stand in two places, and is changed once
        bool IsNew(Parameter parameter) => seen.Add(TensorHold.AddressOf(parameter));
        Frozen = [.. layers[..first].SelectMany(NetworkLayers.Own).Where(IsNew)];
        IsHeadOnly = first == head && first > 0;
        var factors = RateFactors(network, options.LayerwiseLearningRateDecay);
        Trained = [.. layers[first..].SelectMany(layer => NetworkLayers.Own(layer).Where(IsNew).Select(one => new TrainedParameter(one, factors(layer))))];
    }

    /// <summary>The parameters that stay as they are.</summary>
    public IReadOnlyList<Parameter> Frozen { get; }

    /// <summary>The parameters that change.</summary>
    public IReadOnlyList<TrainedParameter> Trained { get; }

    /// <summary>Whether nothing but the last layer is trained.</summary>
    public bool IsHeadOnly { get; }

    /// <summary>Keeps gradients from the frozen parameters, or lets them in again.</summary>
    public void Freeze(bool frozen = true)
    {
        foreach (var parameter in Frozen)
            parameter.requires_grad = !frozen;
    }

    /// <summary>
    /// Puts the trained layers in training mode and the frozen ones, with every module around them, in evaluation mode, so that norms use
    /// and keep their statistics.
    /// </summary>
    public void SetTraining() => SetTraining(new Layer("", _network));

    private void SetTraining(Layer layer)
    {
        var partly = NetworkLayers.All(layer.Module).Any(inner => _frozen.Contains(inner.Module));
        layer.Module.train(!partly); // and all inside; those that differ are set after it
        if (!partly)
            return;
        foreach (var child in NetworkLayers.Children(layer))
            SetTraining(child);
    }

    private static int First(nn.Module network, List<Layer> layers, int head, string? name)
    {
        if (name is null)
            return 0;
        var first = name == CnnTrainerOptions.Head ? head : layers.FindIndex(layer => layer.IsIn(name));
        return first >= 0 && first <= head ? first : throw new ArgumentException(
            $"TrainableFrom: the network has no layer '{name}' with parameters at or after it. Expected {CnnTrainerOptions.Head} (the last layer, {layers[head].Name}), "
            + $"a stage ({string.Join(", ", NetworkLayers.Stages(network).Select(stage => stage.Name))}), or the name of a layer inside one.");
    }

    // A norm that is a stage by itself learns as the convolution before it.
    private static Func<Layer, double> RateFactors(nn.Module network, double decay)
    {
        var (stages, last) = (new List<(Layer Stage, int Depth)>(), -1);
        foreach (var stage in NetworkLayers.Stages(network))
            stages.Add((stage, last < 0 || stage.Module is not BatchNorm2d ? ++last : last));
        return layer => Math.Pow(decay, last - stages.FirstOrDefault(one => layer.IsIn(one.Stage.Name)).Depth);
    }
}
