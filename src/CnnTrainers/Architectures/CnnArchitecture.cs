using CnnTrainers.Architectures;
using CnnTrainers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers;

/// <summary>
/// A convolutional architecture: data from which its network is built for any input shape and any number of classes. The known ones are
/// static properties of the families (<see cref="ResNetVariant.ResNet18"/>); others come from these by <c>with</c>.
/// </summary>
public abstract record CnnArchitecture
{
    private protected CnnArchitecture() { }

    /// <summary>The stable name, torchvision's where there is one: <c>resnet18</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The paper, as an arXiv number or a reference.</summary>
    public required string Paper { get; init; }

    /// <summary>The year of the paper.</summary>
    public required int Year { get; init; }

    /// <summary>Height and width, in pixels, that the paper trains on.</summary>
    public required int DefaultSize { get; init; }

    /// <summary>The least height and width, in pixels, that the layers can take.</summary>
    public required int MinimumSize { get; init; }

    /// <summary>Colour channels that the paper trains on. Default 3; any number can be asked for.</summary>
    public int DefaultChannels { get; init; } = 3;

    /// <summary>The shape that the paper trains on.</summary>
    public ImageShape DefaultShape => new(DefaultChannels, DefaultSize, DefaultSize);

    /// <summary>Every known architecture, family by family.</summary>
    public static IReadOnlyList<CnnArchitecture> All => Registry.All;

    /// <summary>What the optimizers' default rates are multiplied with.</summary>
    internal virtual RateFactors RateFactors => RateFactors.Normed;

    /// <summary>Whether its steps are quicker in bfloat16 on processors that have it; false also where nobody knows.</summary>
    internal virtual bool GainsByBFloat16 => true;

    /// <summary>What the images went through that the family's published ImageNet weights were trained on.</summary>
    internal virtual PixelNormalization PublishedNormalization => PixelNormalization.ImageNet;

    /// <summary>How the family draws its first weights.</summary>
    private protected virtual Initialization Initialization => Initialization.Default;

    /// <summary>The schedule's highest learning rate in a fit whose options give none.</summary>
    internal double DefaultLearningRate(CnnOptimizer optimizer) => optimizer.DefaultLearningRate * optimizer.FactorIn(RateFactors);

    /// <summary>The known architecture with a name.</summary>
    /// <param name="name">The registry name, in any case.</param>
    /// <exception cref="ArgumentException">There is none; the message names similar ones.</exception>
    public static CnnArchitecture Get(string name) => NamedInstances.Get(All, one => one.Name, name, "architecture");

    /// <summary>The known architecture with a name, if there is one.</summary>
    /// <param name="name">The registry name, in any case.</param>
    /// <param name="architecture">The architecture, or null.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CnnArchitecture? architecture) =>
        (architecture = NamedInstances.Find(All, one => one.Name, name)) is not null;

    /// <summary>
    /// Builds the network, N×C×H×W → N×classes (logits), with the paper's or torchvision's initial weights (those of the last layers of
    /// NiN and SqueezeNet apart, which keep every class open), drawn from torch's global generator. State names are torchvision's.
    /// </summary>
    /// <param name="input">The shape of one image, at least <see cref="MinimumSize"/> high and wide.</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <returns>The network, in training mode. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The image is too small.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 2.</exception>
    /// <exception cref="InvalidOperationException">libtorch cannot be loaded; the message says why.</exception>
    public nn.Module<Tensor, Tensor> CreateNetwork(ImageShape input, int classes) => LibTorchErrors.Run(() => CreateNetwork(input, classes, null));

    /// <summary>The network with initial weights from one generator; null is torch's global one.</summary>
    internal nn.Module<Tensor, Tensor> CreateNetwork(ImageShape input, int classes, Generator? generator)
    {
        var network = CreateBlankNetwork(input, classes, generator?.initial_seed());
        Initialization.Apply(network, generator);
        return network;
    }

    /// <summary>The network with arbitrary weights, for a caller that loads them. Leaves torch's global generator as it was.</summary>
    internal nn.Module<Tensor, Tensor> CreateBlankNetwork(ImageShape input, int classes, long? seed = null)
    {
        Validate(input, classes);
        LibTorch.Require(); // before TorchSharp looks for it
        using var random = new GlobalRandom(seed); // TorchSharp's layers draw weights as they are made
        return Build(input, classes);
    }

    /// <summary>Throws where the network cannot be built for these images or classes.</summary>
    internal void Validate(ImageShape input, int classes)
    {
        input.Validate(nameof(input));
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (input.Height < MinimumSize || input.Width < MinimumSize)
            throw new ArgumentException($"{Name} takes images of at least {MinimumSize}x{MinimumSize} pixels, got {input.Height}x{input.Width}.", nameof(input));
    }

    /// <summary>Builds the layers. The arguments are valid.</summary>
    private protected abstract nn.Module<Tensor, Tensor> Build(ImageShape input, int classes);

    // Before torch.nn's of the same names, so that no layer with weights is made outside the limit, and chains take steps together.
    private protected static Chain Sequential(params (string, nn.Module<Tensor, Tensor>)[] layers) => new(layers);

    private protected static Chain Sequential(params IEnumerable<nn.Module<Tensor, Tensor>> layers) => new([.. layers]);

    private protected static TorchSharp.Modules.Conv2d Conv2d(long inputs, long outputs, long kernel, long stride = 1, long padding = 0) =>
        Layers.Convolution(inputs, outputs, (kernel, kernel), (stride, stride), (padding, padding));

    private protected static TorchSharp.Modules.Conv2d Conv2d(long inputs, long outputs, (long, long) kernel, (long, long) stride, (long, long) padding, bool bias) =>
        Layers.Convolution(inputs, outputs, kernel, stride, padding, bias: bias);

    private protected static TorchSharp.Modules.Linear Linear(long inputs, long outputs) => Layers.Linear(inputs, outputs);
}
