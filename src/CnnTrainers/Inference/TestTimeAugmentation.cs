using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>
/// Which views of an image are scored: the probabilities of all are averaged, which is a little more accurate and takes as many times the
/// work. It is part of the model and saved with it.
/// </summary>
public sealed class TestTimeAugmentation
{
    private const int ShiftShare = 16;

    private readonly bool _shifts, _flips;

    private TestTimeAugmentation(string name, bool shifts, bool flips) => (Name, _shifts, _flips) = (name, shifts, flips);

    /// <summary>Its name: <c>none</c>, <c>flip</c>, <c>shift</c> or <c>shift-flip</c>.</summary>
    public string Name { get; }

    /// <summary>The image alone.</summary>
    public static TestTimeAugmentation None { get; } = new("none", false, false);

    /// <summary>The image and its mirror image, left to right. For networks trained with <see cref="CnnTrainerOptions.RandomHorizontalFlip"/>.</summary>
    public static TestTimeAugmentation Flip { get; } = new("flip", false, true);

    /// <summary>
    /// Five views: the image, and the image shifted towards each corner by a sixteenth of its height and width, with a black border: the five
    /// crops of a padded image. For networks trained with <see cref="CnnTrainerOptions.RandomCropPadding"/> or resized crops.
    /// </summary>
    public static TestTimeAugmentation Shift { get; } = new("shift", true, false);

    /// <summary>Ten views: those of <see cref="Shift"/> and their mirror images.</summary>
    public static TestTimeAugmentation ShiftAndFlip { get; } = new("shift-flip", true, true);

    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<TestTimeAugmentation> All { get; } = [None, Flip, Shift, ShiftAndFlip];

    /// <summary>The kind with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such kind; the message lists those there are.</exception>
    public static TestTimeAugmentation Get(string name) => NamedInstances.Get(All, kind => kind.Name, name, "test-time augmentation");

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Where the image is put in each view.</summary>
    internal IReadOnlyList<Placement> Views(ImageShape shape)
    {
        var (down, right) = (Math.Max(1, shape.Height / ShiftShare), Math.Max(1, shape.Width / ShiftShare));
        List<Placement> views = [default];
        if (_shifts)
            views.AddRange([new(-down, -right, false), new(-down, right, false), new(down, -right, false), new(down, right, false)]);
        if (_flips)
            views.AddRange([.. views.Select(view => view with { Mirrored = true })]);
        return views;
    }
}
