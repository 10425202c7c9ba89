using CnnTrainers.Training;

namespace CnnTrainers;

/// <content>
/// How training images are changed at random, in this order: resized crop, padded crop, flips, rotation, colour jitter, TrivialAugment,
/// erasing; then whole batches by mixup or cutmix.
/// </content>
public sealed partial record CnnTrainerOptions
{
    private const int MostPadding = 1 << 20;

    /// <summary>Whether half of the training images are mirrored left to right. Default false: digits and letters must not be.</summary>
    public bool RandomHorizontalFlip { get; init; }

    /// <summary>Whether half of the training images are turned upside down by mirroring. Default false.</summary>
    public bool RandomVerticalFlip { get; init; }

    /// <summary>Pixels of border that random crops of the training images may reach into, 0 to 2^20. Default 0: no crops.</summary>
    public int RandomCropPadding { get; init; }

    /// <summary>A random part of every training image, resized to the whole. Default null: none.</summary>
    public RandomResizedCrop? RandomResizedCrop { get; init; }

    /// <summary>
    /// Degrees by which training images are rotated at most, to either side, 0 to 180; corners without a pixel become black. Default 0.
    /// </summary>
    public double RandomRotation { get; init; }

    /// <summary>Random brightness, contrast, saturation and hue. Needs pixels that are integers from 0 to 255. Default null: none.</summary>
    public ColorJitter? ColorJitter { get; init; }

    /// <summary>
    /// Whether every training image goes through one random operation of random strength (TrivialAugment, arXiv:2103.10158, with the wide
    /// ranges). Needs pixels that are integers from 0 to 255. Default false.
    /// </summary>
    public bool TrivialAugment { get; init; }

    /// <summary>A random rectangle of some training images is erased. Default null: none.</summary>
    public RandomErasing? RandomErasing { get; init; }

    /// <summary>
    /// Mixup (arXiv:1710.09412): images and targets are blended in pairs, with a share drawn from a beta distribution whose two parameters
    /// are this, at least 0. Usual values are 0.1 to 1. Default 0: no mixup.
    /// </summary>
    public double MixupAlpha { get; init; }

    /// <summary>
    /// CutMix (arXiv:1905.04899): a rectangle of every image comes from another one, and the target in proportion, with an area drawn from
    /// a beta distribution whose two parameters are this, at least 0. The usual value is 1. Default 0: no cutmix.
    /// </summary>
    public double CutMixAlpha { get; init; }

    /// <summary>Share of the batches that mixup or cutmix apply to, 0 to 1. Default 1. Ignored where both are off.</summary>
    public double MixupProbability { get; init; } = 1;

    /// <summary>Share of these batches that get cutmix, where both are on, 0 to 1. Default 0.5.</summary>
    public double MixupSwitchProbability { get; init; } = 0.5;

    /// <summary>
    /// Which views of an image the trained model scores and averages; validation during the fit sees the image alone. Default
    /// <see cref="TestTimeAugmentation.None"/>.
    /// </summary>
    public TestTimeAugmentation TestTimeAugmentation { get; init; } = TestTimeAugmentation.None;

    private void AugmentationFaults(Action<bool, string, string, object?> expect)
    {
        expect(RandomCropPadding is >= 0 and <= MostPadding, nameof(RandomCropPadding), $"0 to {MostPadding}", RandomCropPadding);
        expect(RandomRotation is >= 0 and <= 180, nameof(RandomRotation), "0 to 180 degrees", RandomRotation);
        RandomResizedCrop?.Faults(expect);
        ColorJitter?.Faults(expect);
        RandomErasing?.Faults(expect);
        expect(MixupAlpha is >= 0 and < double.PositiveInfinity, nameof(MixupAlpha), "a finite number of at least 0", MixupAlpha);
        expect(CutMixAlpha is >= 0 and < double.PositiveInfinity, nameof(CutMixAlpha), "a finite number of at least 0", CutMixAlpha);
        expect(MixupProbability is >= 0 and <= 1, nameof(MixupProbability), "0 to 1", MixupProbability);
        expect(MixupSwitchProbability is >= 0 and <= 1, nameof(MixupSwitchProbability), "0 to 1", MixupSwitchProbability);
        expect(TestTimeAugmentation is not null, nameof(TestTimeAugmentation), "a kind of test-time augmentation", TestTimeAugmentation);
    }
}
