namespace CnnTrainers.Bench.Defaults;

/// <summary>A network of a family and the smallest size of images that makes sense for it.</summary>
/// <remarks>
/// The sizes: the smallest multiple of 32 that the comparison takes the architecture for (SensibleArchitectures); for those that it does not
/// know, the smallest one that leaves more than one pixel before the head.
/// </remarks>
internal sealed record DefaultsCase(string Network, int Size)
{
    public static IReadOnlyList<DefaultsCase> All { get; } =
    [
        new("lenet5", 32),
        new("alexnet_bn", 96),
        new("nin", 96),
        new("vgg11", 64),
        new("googlenet_2014", 64),
        new("resnet18", 32),
        new("densenet_small", 32),
        new("squeezenet1_1", 64),
        new("mobilenet_v2", 32),
    ];
}

/// <summary>How much is trained on and held out, and how long.</summary>
internal sealed record DefaultsEffort(int Images, int Held, int Epochs)
{
    public static DefaultsEffort Full { get; } = new(10_000, 5_000, 5);

    public static DefaultsEffort Quick { get; } = new(640, 320, 1);
}

/// <summary>One fit of a sweep, as its command line has it.</summary>
internal sealed record DefaultsArguments(DefaultsCase Case, double Rate, int Seed, DefaultsEffort Effort)
{
    public IReadOnlyList<string> Text =>
        [Case.Network, $"{Case.Size}", FormattableString.Invariant($"{Rate:R}"), $"{Seed}", $"{Effort.Images}", $"{Effort.Held}", $"{Effort.Epochs}"];

    /// <summary>The fit as the name of a file: all that its result depends on, the program apart.</summary>
    public string FileName => string.Join('-', Text) + ".json";

    public static DefaultsArguments Parse(string[] text) => text is [var network, var size, var rate, var seed, var images, var held, var epochs]
        ? new(new(network, int.Parse(size)), double.Parse(rate), int.Parse(seed), new(int.Parse(images), int.Parse(held), int.Parse(epochs)))
        : throw new Harness.BenchException("Expected: NETWORK SIZE RATE SEED IMAGES HELD EPOCHS");
}
