namespace CnnTrainers.Training;

/// <summary>Which changes training images get at random, one by one.</summary>
internal sealed record Augmentation
{
    /// <summary>No change at all.</summary>
    public static Augmentation None { get; } = new();

    public bool HorizontalFlip { get; init; }

    public bool VerticalFlip { get; init; }

    public int Padding { get; init; }

    public RandomResizedCrop? ResizedCrop { get; init; }

    /// <summary>In degrees, to either side.</summary>
    public double Rotation { get; init; }

    public ColorJitter? Jitter { get; init; }

    public bool Trivial { get; init; }

    public RandomErasing? Erasing { get; init; }

    /// <summary>Whether there are changes that a copy of the pixels to their places cannot make.</summary>
    public bool ComputesPixels => Rotation > 0 || Jitter is not null || Trivial || Erasing is not null;

    /// <summary>What options ask for.</summary>
    public static Augmentation Of(CnnTrainerOptions options) => new()
    {
        HorizontalFlip = options.RandomHorizontalFlip,
        VerticalFlip = options.RandomVerticalFlip,
        Padding = options.RandomCropPadding,
        ResizedCrop = options.RandomResizedCrop,
        Rotation = options.RandomRotation,
        Jitter = options.ColorJitter,
        Trivial = options.TrivialAugment,
        Erasing = options.RandomErasing,
    };

    /// <summary>Where one image is put in one epoch; equal arguments give equal places.</summary>
    public Placement Draw(int seed, int epoch, int image)
    {
        var random = new SplitMix(seed, epoch, image);
        return Draw(ref random);
    }

    /// <summary>Where an image is put.</summary>
    public Placement Draw(ref SplitMix random)
    {
        var down = random.Next(2 * Padding + 1) - Padding;
        var right = random.Next(2 * Padding + 1) - Padding;
        return new(down, right, HorizontalFlip && random.Next(2) == 1, VerticalFlip && random.Next(2) == 1);
    }

    /// <summary>Throws where a change is defined for bytes only and the pixels are not.</summary>
    /// <exception cref="ArgumentException">They are not; the message names the option.</exception>
    public void Check(PixelStore images)
    {
        if (!images.IsByte && (Trivial || Jitter is not null))
            throw new ArgumentException($"{(Trivial ? nameof(CnnTrainerOptions.TrivialAugment) : nameof(CnnTrainerOptions.ColorJitter))} needs pixels that are integers from 0 to 255; the training images have others.");
    }
}
