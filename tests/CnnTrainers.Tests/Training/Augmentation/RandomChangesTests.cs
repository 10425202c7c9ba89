using CnnTrainers.Training;

namespace CnnTrainers.Tests.Training;

public class RandomChangesTests
{
    private static readonly ImageShape Shape = new(3, 20, 30);

    [Fact]
    public void StrengthZeroChangesNothing()
    {
        foreach (var operation in TrivialAugment.Operations.Where(operation => operation.Name is not ("AutoContrast" or "Equalize")))
        {
            var image = TorchvisionTests.Image(Shape);
            operation.Run(image, 0, false);
            // Solarize begins at 255 and inverts that; all others leave every value.
            Assert.Equal(TorchvisionTests.Image(Shape).Pixels.ToArray().Select(v => operation.Name == "Solarize" && v == 255 ? 0 : v), image.Pixels.ToArray().Select(v => (int)v));
        }
    }

    [Fact]
    public void ChangesWithoutRangeChangeNothing()
    {
        var none = new Augmentation
        {
            ResizedCrop = new() { Scale = (1, 1), Ratio = (1.5, 1.5) }, Jitter = new(), Erasing = new() { Probability = 0 },
        };
        Assert.Equal(Changed(Augmentation.None, 1, 1), Changed(none, 1, 1));
    }

    [Fact]
    public void ResizedCropsKeepScaleAndRatio()
    {
        var (crop, random) = (new RandomResizedCrop { Scale = (0.2, 0.6), Ratio = (0.5, 2) }, new SplitMix(1));
        var large = new ImageShape(3, 300, 400);
        var boxes = Enumerable.Range(0, 2000).Select(_ => crop.Draw(large, ref random)).ToList();
        Assert.All(boxes, box => Assert.True(box.Top >= 0 && box.Left >= 0 && box.Top + box.Height <= 300 && box.Left + box.Width <= 400, $"{box}"));
        Assert.All(boxes, box => Assert.InRange(box.Area / 120_000.0, 0.195, 0.605));
        Assert.All(boxes, box => Assert.InRange((double)box.Width / box.Height, 0.49, 2.03));
        Assert.InRange(boxes.Average(box => box.Area / 120_000.0), 0.37, 0.41); // wide boxes of much area do not fit
        Assert.Equal((0, 0), (boxes.Min(box => box.Top), boxes.Min(box => box.Left)));
    }

    [Fact]
    public void ACropThatNeverFitsIsTheLargestInTheMiddle()
    {
        var random = new SplitMix(1);
        var crop = new RandomResizedCrop { Scale = (1, 1), Ratio = (2, 2) };
        Assert.Equal(new Box(2, 0, 4, 8), crop.Draw(new(1, 8, 8), ref random));
    }

    [Fact]
    public void ErasedRectanglesHaveTheMeanOfTheTrainingImages()
    {
        var changed = Changed(new() { Erasing = new() { Probability = 1, Scale = (0.25, 0.25), Ratio = (1, 1) } }, 1, 1);
        var plain = Changed(Augmentation.None, 1, 1);
        Assert.Equal(3 * 144, changed.Zip(plain).Count(pair => pair.First != pair.Second || pair.First == 0)); // 12 × 12 of 20 × 30
        Assert.Equal(3 * 144, changed.Count(value => value == 0));
    }

    [Fact]
    public void NoiseHasTheTrainingImagesMeanAndDeviation()
    {
        var store = new PixelStore(new(1, 100, 100), 1 << 20);
        store.Add(new float[10_000].Select(_ => 1.5f).ToArray(), 0);
        var changed = new float[10_000];
        ImageChanger.Create(store, new() { Erasing = new() { Probability = 1, Scale = (0.9, 0.9), Ratio = (1, 1), Noise = true } }, new([3], [2])).Write(0, 1, 1, changed);
        var noise = changed.Where(value => value != (1.5f - 3) / 2).ToList();
        Assert.InRange(noise.Count, 8900, 9100);
        Assert.InRange(noise.Average(), -0.04, 0.04);
        Assert.InRange(noise.Average(value => value * value), 0.95, 1.05);
    }

    [Fact]
    public void EachImageOfEachEpochIsChangedInItsOwnRepeatableWay()
    {
        var all = All();
        Assert.Equal(Changed(all, 1, 3), Changed(all, 1, 3));
        Assert.Equal(20, Enumerable.Range(1, 20).Select(epoch => string.Join(',', Changed(all, 1, epoch))).Distinct().Count());
        Assert.NotEqual(Changed(all, 1, 3), Changed(all, 2, 3));
        Assert.Equal(Changed(Augmentation.None, 1, 1), Changed(all, 1, 0)); // validation
    }

    [Fact]
    public void FloatsAreMovedLikeBytes()
    {
        var augmentation = All() with { Jitter = null, Trivial = false, Erasing = null };
        var (bytes, floats) = (Changed(augmentation, 1, 5), Changed(augmentation, 1, 5, asFloats: true));
        Assert.True(bytes.Zip(floats).All(pair => Math.Abs(pair.First - pair.Second) <= 2 / 50f), "more than the rounding of bytes after each change");
        Assert.NotEqual(Changed(Augmentation.None, 1, 1), bytes);
    }

    [Fact]
    public void ColoursOfFloatsAreRefused()
    {
        using var store = Store(asFloats: true);
        var fault = Assert.Throws<ArgumentException>(() => new Augmentation { Trivial = true }.Check(store));
        Assert.StartsWith("TrivialAugment needs pixels that are integers from 0 to 255", fault.Message);
        Assert.StartsWith("ColorJitter", Assert.Throws<ArgumentException>(() => new Augmentation { Jitter = new() }.Check(store)).Message);
    }

    [Fact]
    public void ChangingAnImageAllocatesNothing()
    {
        using var store = Store();
        var (changer, output) = (ImageChanger.Create(store, All(), new([100, 100, 100], [50, 50, 50])), new float[Shape.Size]);
        for (var epoch = 1; epoch < 100; epoch++)
            changer.Write(0, 1, epoch, output);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var epoch = 1; epoch < 100; epoch++)
            changer.Write(0, 1, epoch, output);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 99 * 64);
    }

    internal static Augmentation All() => new()
    {
        HorizontalFlip = true, VerticalFlip = true, Padding = 3, ResizedCrop = new(), Rotation = 20,
        Jitter = new() { Brightness = 0.4, Contrast = 0.4, Saturation = 0.4, Hue = 0.1 }, Trivial = true, Erasing = new(),
    };

    private static float[] Changed(Augmentation augmentation, int seed, int epoch, bool asFloats = false)
    {
        using var store = Store(asFloats);
        var output = new float[Shape.Size];
        ImageChanger.Create(store, augmentation, new([100, 100, 100], [50, 50, 50])).Write(0, seed, epoch, output);
        return output;
    }

    private static PixelStore Store(bool asFloats = false)
    {
        var store = new PixelStore(Shape, 1 << 20);
        var pixels = TorchvisionTests.Image(Shape).Pixels.ToArray().Select(value => value == 100 ? (byte)101 : value).ToArray();
        if (asFloats)
            store.Add(pixels.Select(value => value + 1 / 1024f).ToArray(), 0);
        else
            store.Add(pixels, 0);
        return store;
    }
}
