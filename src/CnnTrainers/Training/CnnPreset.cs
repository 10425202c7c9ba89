namespace CnnTrainers;

/// <summary>
/// Options that suit each other, for who does not want to choose: <c>CnnPreset.Standard.Photographs with { Epochs = 20 }</c>. Each is for
/// training from random weights; the learning rate is what suits optimizer and architecture.
/// </summary>
public sealed class CnnPreset
{
    private CnnPreset(string name, string description, CnnTrainerOptions photographs, CnnTrainerOptions symbols) =>
        (Name, Description, Photographs, Symbols) = (name, description, photographs, symbols);

    /// <summary>The preset's name: <c>fast</c>, <c>standard</c> or <c>best</c>.</summary>
    public string Name { get; }

    /// <summary>What it is for, as one line.</summary>
    public string Description { get; }

    /// <summary>The options for photographs and whatever may be mirrored: things, animals, textures, scenes.</summary>
    public CnnTrainerOptions Photographs { get; }

    /// <summary>The options for images that must be neither mirrored nor recoloured: digits, letters, signs, left and right.</summary>
    public CnnTrainerOptions Symbols { get; }

    /// <summary>
    /// 5 epochs, one-cycle, mirroring (photographs) as the only change of the images: a first answer, and what small networks on small
    /// images need.
    /// </summary>
    public static CnnPreset Fast { get; } = new("fast", "a first answer: 5 epochs, images are only mirrored",
        new() { Epochs = 5, RandomHorizontalFlip = true },
        new() { Epochs = 5 });

    /// <summary>10 epochs, one-cycle, random crops of at least 60 % of the image (symbols: 80 %), mirroring (photographs).</summary>
    public static CnnPreset Standard { get; } = new("standard", "a good network: 10 epochs, images are cropped and mirrored",
        new() { RandomHorizontalFlip = true, RandomResizedCrop = new() { Scale = (0.6, 1) } },
        new() { RandomResizedCrop = new() { Scale = (0.8, 1), Ratio = (0.9, 1.1) } });

    /// <summary>
    /// 60 epochs of torchvision's newer recipe, tuned down for small data: cosine after two epochs of warm-up, the average of the weights,
    /// crops of at least 35 %, mirroring, TrivialAugment and erasing (photographs) or shifts, crops and rotations of up to 10° (symbols),
    /// mixup on half of the batches (photographs: or cutmix). Many times the work of <see cref="Standard"/>: worth it where more images cannot be had.
    /// </summary>
    public static CnnPreset Best { get; } = new("best", "the best network that time can buy: 60 epochs, strong changes of images, averaged weights",
        Long with
        {
            RandomHorizontalFlip = true, RandomResizedCrop = new() { Scale = (0.35, 1) }, TrivialAugment = true, RandomErasing = new() { Probability = 0.1 },
            MixupAlpha = 0.2, CutMixAlpha = 1, MixupProbability = 0.5,
        },
        Long with { RandomResizedCrop = new() { Scale = (0.7, 1), Ratio = (0.9, 1.1) }, RandomRotation = 10, MixupAlpha = 0.2, MixupProbability = 0.5 });

    /// <summary>Every preset there is, the quickest first.</summary>
    public static IReadOnlyList<CnnPreset> All { get; } = [Fast, Standard, Best];

    private static CnnTrainerOptions Long => new()
    {
        Epochs = 60, Schedule = LearningRateSchedule.Cosine, WarmupEpochs = 2, ExponentialMovingAverage = true,
    };

    /// <summary>The preset with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such preset; the message lists those there are.</exception>
    public static CnnPreset Get(string name) => NamedInstances.Get(All, preset => preset.Name, name, "preset");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
