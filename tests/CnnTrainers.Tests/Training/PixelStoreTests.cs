using CnnTrainers.Training;

namespace CnnTrainers.Tests.Training;

public sealed class PixelStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnn-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData(-1f)]
    [InlineData(0.5f)]
    [InlineData(256f)]
    [InlineData(-256f)]
    [InlineData(65536f)]
    [InlineData(4294967296f)]
    [InlineData(1e30f)]
    public void AValueThatIsNoByteIsKeptWhereverItIs(float value)
    {
        var shape = new ImageShape(3, 5, 9);
        foreach (var at in new[] { 0, 15, 16, 63, 64, 127, 128, shape.Size - 1 })
        {
            using var store = new PixelStore(shape, 1 << 20);
            float[] pixels = [.. Enumerable.Range(0, shape.Size).Select(i => (float)(i % 256))], read = new float[shape.Size];
            pixels[at] = value;

            store.Add(pixels, 0);

            store.CopyTo(0, read);
            Assert.False(store.IsByte);
            Assert.Equal(pixels, read);
        }
    }

    [Fact]
    public void EveryByteIsKeptAsAByte()
    {
        var shape = new ImageShape(1, 3, 256);
        using var store = new PixelStore(shape, 1 << 20);
        float[] pixels = [.. Enumerable.Range(0, shape.Size).Select(i => (float)(i % 256))], read = new float[shape.Size];

        store.Add(pixels, 0);

        store.CopyTo(0, read);
        Assert.True(store.IsByte);
        Assert.Equal(pixels, read);
    }

    [Fact]
    public void WholeNumbersUpTo255AreKeptAsBytes()
    {
        using var store = new PixelStore(new(1, 1, 4), 1 << 20);
        store.Add(new float[] { 0, 1, 254, 255 }, 3);
        store.Add(new byte[] { 9, 8, 7, 6 }, 2);
        var pixels = new byte[4];
        store.CopyTo(0, pixels);
        Assert.Equal((true, 2, 3), (store.IsByte, store.Count, store.LabelOf(0)));
        Assert.Equal([0, 1, 254, 255], pixels);
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(256f)]
    [InlineData(-1f)]
    public void AnyOtherValueMakesAllFloats(float value)
    {
        using var store = new PixelStore(new(1, 1, 2), 1 << 20);
        store.Add(new byte[] { 7, 8 }, 0);
        store.Add([1, value], 1);
        store.Add(new byte[] { 3, 4 }, 2);
        Assert.False(store.IsByte);
        Assert.Equal([7f, 8f, 1f, value, 3f, 4f], Enumerable.Range(0, 3).SelectMany(i => Floats(store, i)));
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(store.LabelOf));
        Assert.Throws<InvalidOperationException>(() => store.CopyTo(0, new byte[2]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void AValueThatIsNotFiniteIsAnErrorThatNamesThePixel(float value)
    {
        using var store = new PixelStore(new(1, 1, 3), 1 << 20);
        var error = Assert.Throws<ArgumentException>(() => store.Add([1f, 2f, value], 0));
        Assert.Contains("Value 2 of image 0", error.Message);
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void AWrongNumberOfPixelsIsAnErrorWithBothNumbers()
    {
        using var store = new PixelStore(new(3, 2, 2), 1 << 20);
        var error = Assert.Throws<ArgumentException>(() => store.Add(new byte[11], 0));
        Assert.Contains("11", error.Message);
        Assert.Contains("12 for the shape 3x2x2", error.Message);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3L << 20, true)]
    [InlineData(1L << 30, false)]
    public void PastTheBudgetImagesGoToAFileAndReadTheSame(long budget, bool spilled)
    {
        using var store = new PixelStore(new(3, 64, 64), budget, _folder);
        for (var i = 0; i < 600; i++) // 7.4 MB
            store.Add(Pixels(i), i % 10);
        Assert.Equal(spilled, store.IsSpilled);
        Assert.All(new[] { 0, 1, 84, 85, 255, 256, 340, 598, 599 }, i => Assert.Equal(Pixels(i), Bytes(store, i)));
    }

    [Fact]
    public void TheFileIsGoneAfterwards()
    {
        var store = new PixelStore(new(3, 64, 64), 0, _folder);
        for (var i = 0; i < 200; i++)
            store.Add(Pixels(i), 0);
        Assert.True(store.IsSpilled);
        if (!OperatingSystem.IsWindows())
            Assert.Empty(Directory.GetFiles(_folder)); // not even a killed process leaves it
        store.Dispose();
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void AFolderThatIsNotThereIsAnErrorThatNamesIt()
    {
        var folder = Path.Combine(_folder, "missing");
        using var store = new PixelStore(new(3, 64, 64), 0, folder);
        var error = Assert.ThrowsAny<IOException>(() =>
        {
            for (var i = 0; i < 200; i++)
                store.Add(Pixels(i), 0);
        });
        Assert.Contains(folder, error.Message);
    }

    [Fact]
    public void TenThousandSmallImagesTakeTheirBytesAndLittleMore()
    {
        var before = GC.GetTotalMemory(true);
        using var store = new PixelStore(new(1, 32, 32), 1 << 30);
        var pixels = new byte[1024];
        for (var i = 0; i < 10_000; i++)
            store.Add(pixels, 0);
        Assert.InRange(GC.GetTotalMemory(true) - before, 10_000_000, 40_000_000);
    }

    private static byte[] Pixels(int i)
    {
        var pixels = new byte[3 * 64 * 64];
        new Random(i).NextBytes(pixels);
        return pixels;
    }

    private static byte[] Bytes(PixelStore store, int index)
    {
        var pixels = new byte[store.Shape.Size];
        store.CopyTo(index, pixels);
        return pixels;
    }

    private static float[] Floats(PixelStore store, int index)
    {
        var pixels = new float[store.Shape.Size];
        store.CopyTo(index, pixels);
        return pixels;
    }
}
