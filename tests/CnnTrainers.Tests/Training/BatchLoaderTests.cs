using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class BatchLoaderTests
{
    [Fact]
    public void EveryImageComesOnceInBatchesThatDifferByOneAtMost()
    {
        using var store = Numbered(65);
        using var loader = new BatchLoader(new(store), 64, new([0], [1]), Augmentation.None, 1);
        var (seen, sizes) = (new List<int>(), new List<int>());
        foreach (var batch in loader.Epoch(1))
        {
            sizes.Add(batch.Count);
            Assert.Equal(batch.Labels.data<long>().Select(label => (float)label), batch.Images.flatten().data<float>().ToArray());
            seen.AddRange(batch.Labels.data<long>().Select(label => (int)label));
        }
        Assert.Equal([32, 33], sizes.Order());
        Assert.Equal(Enumerable.Range(0, 65), seen.Order());
    }

    [Theory]
    [InlineData(5, 2, new[] { 2, 3 })]
    [InlineData(7, 2, new[] { 2, 2, 3 })]
    [InlineData(3, 2, new[] { 3 })]
    [InlineData(6, 2, new[] { 2, 2, 2 })]
    [InlineData(4, 3, new[] { 2, 2 })]
    [InlineData(1, 2, new[] { 1 })]
    public void NoImageIsAloneInABatchUnlessThereIsNoOther(int images, int batchSize, int[] expected)
    {
        using var store = Numbered(images);
        using var loader = new BatchLoader(new(store), batchSize, new([0], [1]), Augmentation.None, 1);
        var seen = loader.Epoch(1).Select(batch => batch.Labels.data<long>().ToArray()).ToList();
        Assert.Equal(expected, seen.Select(batch => batch.Length).Order());
        Assert.Equal(Enumerable.Range(0, images), seen.SelectMany(batch => batch).Select(label => (int)label).Order());
        Assert.Equal((expected.Length, images), (loader.Batches, loader.ImagesIn(0, loader.Batches)));
    }

    [Fact]
    public void EpochsHaveOrdersOfTheirOwnThatRepeat()
    {
        using var store = Numbered(30);
        using var loader = new BatchLoader(new(store), 8, new([0], [1]), Augmentation.None, 1);
        Assert.Equal(Order(loader, 1), Order(loader, 1));
        Assert.NotEqual(Order(loader, 1), Order(loader, 2));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (long)i), Order(loader, 0));
    }

    [Fact]
    public void ImagesAreChannelsLast()
    {
        using var store = new PixelStore(new(3, 2, 2), 1 << 20);
        store.Add(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, 0);
        using var loader = new BatchLoader(new(store), 8, new([0, 0, 0], [1, 1, 1]), Augmentation.None, 1);
        foreach (var batch in loader.Epoch(0))
        {
            Assert.Equal([12L, 1, 6, 3], batch.Images.stride());
            Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], batch.Images.flatten().data<float>().ToArray());
        }
    }

    [Fact]
    public void LeavingAnEpochEarlyLeavesNothingBehind()
    {
        using var store = Numbered(100);
        var live = LiveTensors.Settled();
        using (var loader = new BatchLoader(new(store), 8, new([0], [1]), Augmentation.None, 1))
            Assert.InRange(loader.Epoch(1).First().Count, 7, 8);
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void ThreadsDoNotChangeTheBatches()
    {
        using var store = Toy.Images(67);
        float[] Values(int threads)
        {
            var mixing = new Mixing { Classes = 2, MixupAlpha = 1, CutMixAlpha = 1 };
            using var loader = new BatchLoader(new(store), 16, new([100], [50]), RandomChangesTests.All(), 1, mixing, threads);
            return [.. loader.Epoch(1).Concat(loader.Epoch(2)).SelectMany(batch => batch.Images.flatten().data<float>().Concat(batch.Targets!.flatten().data<float>()).ToArray())];
        }

        var expected = Values(1);
        Assert.All([2, 3, 8], threads => Assert.Equal(expected, Values(threads)));
    }

    [Fact]
    public void AnEpochGoesOnWhereItWasLeft()
    {
        using var store = Numbered(30);
        using var loader = new BatchLoader(new(store), 8, new([0], [1]), Augmentation.None, 1);
        var labels = loader.Epoch(1).Select(batch => batch.Labels.data<long>().ToArray()).ToList();
        Assert.Equal(labels.Skip(3).SelectMany(batch => batch), loader.Epoch(1, 3).SelectMany(batch => batch.Labels.data<long>().ToArray()));
        Assert.Empty(loader.Epoch(1, 4));
    }

    [Fact]
    public void AFaultWhileReadingEndsTheEpochWithIt()
    {
        using var store = Numbered(30);
        using var loader = new BatchLoader(new(store, [1, 2, 99]), 2, new([0], [1]), Augmentation.None, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => loader.Epoch(1).Count());
    }

    private static PixelStore Numbered(int count)
    {
        var store = new PixelStore(new(1, 1, 1), 1 << 20);
        for (var i = 0; i < count; i++)
            store.Add([(byte)i], i);
        return store;
    }

    private static long[] Order(BatchLoader loader, int epoch) => [.. loader.Epoch(epoch).SelectMany(batch => batch.Labels.data<long>().ToArray())];
}
