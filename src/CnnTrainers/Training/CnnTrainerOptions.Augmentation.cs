namespace CnnTrainers;

/// <content>How training images are changed at random.</content>
public sealed partial record CnnTrainerOptions
{
    /// <summary>Whether half of the training images are mirrored left to right. Default false: digits and letters must not be.</summary>
    public bool RandomHorizontalFlip { get; init; }

    /// <summary>Pixels of border that random crops of the training images may reach into, at least 0. Default 0: no crops.</summary>
    public int RandomCropPadding { get; init; }

    private void AugmentationFaults(Action<bool, string, string, object?> expect) =>
        expect(RandomCropPadding >= 0, nameof(RandomCropPadding), "at least 0", RandomCropPadding);
}
