using CnnTrainers.Devices;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>One module of a network, as one image passes through it.</summary>
/// <param name="Name">Its path in the network, as in state names: <c>layer1.0.conv1</c>.</param>
/// <param name="Kind">Its type: <c>Conv2d</c>, <c>BatchNorm2d</c>, <c>BasicBlock</c>, …</param>
/// <param name="Depth">How deep it is nested, 1 for the network's own children.</param>
/// <param name="OutputShape">What it gives for one image, without the batch: channels × height × width, or features.</param>
/// <param name="Parameters">Learned values in it and in what it contains.</param>
/// <param name="MultiplyAccumulates">Multiply-accumulates of the convolutions and linear layers in it, for one image.</param>
/// <param name="IsLeaf">Whether it contains no other module.</param>
public sealed record LayerSummary(
    string Name, string Kind, int Depth, IReadOnlyList<long> OutputShape, long Parameters, long MultiplyAccumulates, bool IsLeaf)
{
    /// <summary>The output shape as text: <c>64×56×56</c>.</summary>
    public string OutputText => string.Join('×', OutputShape);
}

/// <summary>What a network is made of and what it costs: layers, shapes, parameters, multiply-accumulates, memory.</summary>
public sealed record NetworkSummary
{
    /// <summary>The input it was measured with.</summary>
    public required ImageShape Input { get; init; }

    /// <summary>Its modules that ran, depth first: a container stands before what it contains.</summary>
    public required IReadOnlyList<LayerSummary> Layers { get; init; }

    /// <summary>Learned values.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-accumulates of convolutions and linear layers for one image.</summary>
    public required long MultiplyAccumulates { get; init; }

    /// <summary>Floating point operations for one image: two for each multiply-accumulate.</summary>
    public long Flops => 2 * MultiplyAccumulates;

    /// <summary>
    /// Values that the leaf modules give for one image, outputs in place of the input apart; training keeps most of them until the
    /// backward pass.
    /// </summary>
    public required long ActivationValues { get; init; }

    /// <summary>Bytes of the parameters in float32.</summary>
    public long ParameterBytes => 4 * Parameters;

    /// <summary>Bytes of the activations of a batch in float32.</summary>
    /// <param name="batchSize">Images in the batch, at least 1.</param>
    public long ActivationBytes(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        return 4 * ActivationValues * batchSize;
    }

    /// <summary>Builds the architecture and measures it.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="input">The input; null (default): the architecture's default size and channels.</param>
    /// <param name="classes">Number of classes, at least 2. Default 1000, as in the papers.</param>
    /// <exception cref="ArgumentException">The input is smaller than the architecture's minimum, or there are fewer than two classes.</exception>
    public static NetworkSummary Of(CnnArchitecture architecture, ImageShape? input = null, int classes = 1000)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ImageShape shape = input ?? new ImageShape(architecture.DefaultChannels, architecture.DefaultSize, architecture.DefaultSize);
        using Module<Tensor, Tensor> network = architecture.CreateBlankNetwork(shape, classes);
        return Of(network, shape);
    }

    /// <summary>Measures a network by passing one blank image through it in evaluation mode.</summary>
    /// <param name="network">N×C×H×W → N×classes. Its training mode is restored afterwards.</param>
    /// <param name="input">The shape of one image.</param>
    public static NetworkSummary Of(Module<Tensor, Tensor> network, ImageShape input)
    {
        ArgumentNullException.ThrowIfNull(network);
        bool training = network.training;
        network.eval();
        try
        {
            return Measure(network, input);
        }
        finally
        {
            network.train(training);
        }
    }

    private static NetworkSummary Measure(Module<Tensor, Tensor> network, ImageShape input)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        (string Name, nn.Module Module)[] modules = [.. Descendants(network, "")];
        var shapes = new Dictionary<nn.Module, long[]>(ReferenceEqualityComparer.Instance);
        var macs = new Dictionary<nn.Module, long>(ReferenceEqualityComparer.Instance);
        long activations = 0;
        List<Action> remove = [];
        foreach (var module in modules.Select(m => m.Module).OfType<Module<Tensor, Tensor>>())
        {
            bool leaf = !module.children().Any();
            var hook = module.register_forward_hook((self, given, output) =>
            {
                shapes[self] = output.shape[1..];
                macs[self] = macs.GetValueOrDefault(self) + MultiplyAccumulatesOf(self, output);
                if (leaf && !IsInPlace(given, output)) activations += output.numel();
                return output;
            });
            remove.Add(hook.remove);
        }
        try
        {
            network.call(ComputeDevice.Cpu.Zeros([1, input.Channels, input.Height, input.Width]));
        }
        finally
        {
            remove.ForEach(r => r());
        }
        return new NetworkSummary
        {
            Input = input,
            Layers = [.. modules.Where(m => shapes.ContainsKey(m.Module)).Select(m => Layer(m.Name, m.Module, shapes[m.Module], macs))],
            Parameters = network.parameters().Sum(p => p.numel()),
            MultiplyAccumulates = macs.Values.Sum(),
            ActivationValues = activations,
        };
    }

    // TorchSharp's named_modules goes level by level; a table of layers reads in the order of the network.
    private static IEnumerable<(string Name, nn.Module Module)> Descendants(nn.Module module, string prefix) =>
        module.named_children().SelectMany(child => Descendants(child.module, $"{prefix}{child.name}.").Prepend((prefix + child.name, child.module)));

    private static bool IsInPlace(Tensor input, Tensor output) =>
        input.numel() == output.numel() && input.is_contiguous() && output.is_contiguous() &&
        Unsafe.AreSame(ref MemoryMarshal.GetReference(input.bytes), ref MemoryMarshal.GetReference(output.bytes));

    private static LayerSummary Layer(string name, nn.Module module, long[] shape, Dictionary<nn.Module, long> macs) => new(
        name,
        module.GetType().Name.Split('`')[0],
        name.Count(c => c == '.') + 1,
        shape,
        module.parameters().Sum(p => p.numel()),
        macs.GetValueOrDefault(module) + module.modules().Distinct().Where(m => m != module).Sum(m => macs.GetValueOrDefault(m)),
        !module.children().Any());

    // Every value that a convolution or linear layer gives costs one weight slice: (in channels / groups) × kernel, or in features.
    private static long MultiplyAccumulatesOf(nn.Module module, Tensor output) => module switch
    {
        Conv2d { weight: { } weight } => output.numel() * weight.numel() / weight.shape[0],
        Linear { weight: { } weight } => output.numel() * weight.shape[1],
        _ => 0,
    };
}
