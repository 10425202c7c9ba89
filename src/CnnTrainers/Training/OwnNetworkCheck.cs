using CnnTrainers.Architectures;
using CnnTrainers.Architectures.Graph;
using CnnTrainers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// Whether a network of one's own can be trained, saved and loaded: tried on images that are none, before the first real one is read. What
/// cannot work is refused in one line; what works, but not as one may think, is told.
/// </summary>
internal sealed class OwnNetworkCheck
{
    private const double Tolerance = 1e-3; // of the largest number

    private readonly CustomArchitecture _architecture;
    private readonly ImageShape _shape;
    private readonly int _classes;

    private OwnNetworkCheck(CustomArchitecture architecture, ImageShape shape, int classes) => (_architecture, _shape, _classes) = (architecture, shape, classes);

    /// <summary>Checks an architecture; the known ones need no check.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="shape">The images' shape.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="warn">Takes one line at a time.</param>
    /// <exception cref="InvalidOperationException">The network cannot be used; the message says why.</exception>
    public static void Run(CnnArchitecture architecture, ImageShape shape, int classes, CnnTrainerOptions options, Action<string> warn)
    {
        if (architecture is not CustomArchitecture own)
            return;
        if (own.WhyNotNamed is { } reason)
            warn($"The network '{own.Name}' {reason}: its model can be saved, weights and all, but not be loaded. Make it by a static method; {nameof(CnnTransformer)}.SaveWeights has the weights alone.");
        new OwnNetworkCheck(own, shape, classes).Run(options, warn);
    }

    private void Run(CnnTrainerOptions options, Action<string> warn)
    {
        using var scope = NewDisposeScope();
        using var network = Make(1);
        using var other = Make(2);
        CheckState(network, other, options);
        var images = Images();
        network.eval();
        var expected = Output(network, images);
        Output(network, images.narrow(0, 0, 1));
        CheckParameters(network, images);
        var repeats = AreSame(Output(network, images), expected);
        if (repeats)
            CheckCopy(network, other, images, expected);
        // A fit has images and the weights of convolutions with the channels last in memory.
        MemoryLayout.ToChannelsLast(network);
        var turned = images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        var output = Output(network, turned, " whose channels come last in memory, as they do here (reshape or flatten in place of view)");
        if (repeats && !IsClose(output, expected))
            throw Refused("gives other numbers for images whose channels come last in memory, as they do here: it must not depend on how tensors lie in memory, as as_strided does.");
        CheckTraining(network, turned, warn);
    }

    private nn.Module<Tensor, Tensor> Make(int seed)
    {
        using var generator = new Generator((ulong)seed);
        try
        {
            return _architecture.CreateNetwork(_shape, _classes, generator);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw Refused($"cannot be made for images of {_shape} and {_classes} classes: {LibTorchErrors.Plain(fault.Message)}", fault);
        }
    }

    private Tensor Images()
    {
        var one = NetworkGraph.Sample(_shape);
        return cat([one, one.flip(3) * 0.5], 0);
    }

    private void CheckState(nn.Module network, nn.Module other, CnnTrainerOptions options)
    {
        var state = NetworkState.Entries(network).ToList();
        if (!network.parameters().Any())
            throw Refused($"has no parameters that TorchSharp knows of{Forgotten(network)}. Call RegisterComponents() at the end of its constructor.");
        var shared = NetworkState.Entries(other).Select(entry => TensorHold.AddressOf(entry.Value)).ToHashSet();
        if (ReferenceEquals(network, other) || state.Exists(entry => shared.Contains(TensorHold.AddressOf(entry.Value))))
            throw Refused("is not made anew each time: its function must return a new network, of new layers, whenever it is called.");
        if (network.named_parameters().FirstOrDefault(entry => entry.parameter.dtype != ScalarType.Float32) is { parameter: { } wrong } named)
            throw Refused($"has the parameter {named.name} of {wrong.dtype}, expected Float32.");
        if (options.InitialWeights is null && state.Find(entry => !entry.Value.isfinite().all().item<bool>()) is { Value: not null } broken)
            throw Refused($"has {broken.Name}, which begins with values that are NaN or infinite: its layer leaves them as the memory was.");
    }

    private Tensor Output(nn.Module<Tensor, Tensor> network, Tensor images, string? remedy = null)
    {
        using var random = new GlobalRandom(1);
        Tensor output;
        try
        {
            output = network.call(images);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw Refused($"cannot compute {images.shape[0]} images of {_shape}{remedy}: {LibTorchErrors.Plain(fault.Message)}", fault);
        }
        return CheckOutput(output, images.shape[0]);
    }

    private Tensor CheckOutput(Tensor output, long images)
    {
        if (output.IsInvalid)
            throw Refused("returns a tensor that it has disposed: the result must leave its dispose scope, by MoveToOuterDisposeScope().");
        if (!output.shape.SequenceEqual([images, _classes]))
            throw Refused($"gives {string.Join('×', output.shape)} numbers for {images} images of {_shape}, expected {images}×{_classes}: a logit for each class.");
        return output.dtype == ScalarType.Float32 ? output : throw Refused($"gives numbers of {output.dtype}, expected Float32.");
    }

    // With all known parameters out of the way, a gradient that is left belongs to one that nobody trains or saves.
    private void CheckParameters(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        var trained = network.parameters().Where(parameter => parameter.requires_grad).ToList();
        trained.ForEach(parameter => parameter.requires_grad = false);
        var isHidden = Output(network, images).requires_grad;
        trained.ForEach(parameter => parameter.requires_grad = true);
        if (isHidden)
            throw Refused($"computes with parameters that TorchSharp does not know of{Forgotten(network)}: they would be neither trained nor saved. Hold layers in fields and call RegisterComponents(), or in a ModuleList.");
    }

    // What a file has of it, in a network made anew.
    private void CheckCopy(nn.Module<Tensor, Tensor> network, nn.Module<Tensor, Tensor> other, Tensor images, Tensor expected)
    {
        using var noGrad = no_grad();
        var (entries, copies) = (NetworkState.Entries(network).ToList(), NetworkState.Entries(other).ToList());
        if (!entries.Select(entry => (entry.Name, string.Join(',', entry.Value.shape))).SequenceEqual(copies.Select(entry => (entry.Name, string.Join(',', entry.Value.shape)))))
            throw Refused("has other layers each time that it is made: they must depend on nothing but the images' shape and the number of classes.");
        foreach (var (copy, entry) in copies.Zip(entries))
            copy.Value.copy_(entry.Value);
        other.eval();
        if (!IsClose(Output(other, images), expected))
            throw Refused("cannot be saved: made anew with the same parameters and buffers it gives other numbers. Tensors that are drawn at random must be parameters, or registered by register_buffer.");
    }

    private void CheckTraining(nn.Module<Tensor, Tensor> network, Tensor images, Action<string> warn)
    {
        network.train();
        var (one, two) = (Output(network, images), Output(network, images));
        if (!AreSame(one, two))
            warn($"The network '{_architecture.Name}' draws random numbers that no seed reaches, such as those of System.Random: two fits with one seed will differ.");
        if (!one.requires_grad)
            throw Refused("cannot be trained: no gradient comes from its output, as under no_grad() or behind detach().");
        BackwardPass.Run(one.sum());
        var untrained = network.named_parameters().Where(entry => entry.parameter.requires_grad && entry.parameter.grad is null).Select(entry => entry.name).ToList();
        if (untrained.Count > 0)
            warn($"The network '{_architecture.Name}' has parameters that its output does not depend on, which stay as they are: {Listed.InLine(untrained)}.");
        network.zero_grad();
    }

    private static bool AreSame(Tensor one, Tensor other) => one.eq(other).all().item<bool>();

    private static bool IsClose(Tensor one, Tensor other) =>
        (one - other).abs().max().item<float>() <= Tolerance * Math.Max(1e-6, other.abs().max().item<float>());

    private static string Forgotten(nn.Module network) => UnregisteredLayers.Of(network) is { Count: > 0 } fields ? $" ({Listed.InLine(fields)})" : "";

    private InvalidOperationException Refused(string what, Exception? fault = null) =>
        new($"The network '{_architecture.Name}' {what}", fault is null ? null : LibTorchErrors.Plain(fault));
}
