using CnnTrainers.Training;

namespace CnnTrainers.Tests.Training;

public class NormalizationTests
{
    [Fact]
    public void MeanAndDeviationAreMeasuredForEachChannel()
    {
        using var store = Store([0, 10, 5, 5], [20, 30, 5, 5]);
        var measured = Normalization.Measure(store);
        Assert.Equal([15f, 5f], measured.Mean);
        Assert.Equal([MathF.Sqrt(125), 1f], measured.Std); // a constant channel is only shifted
    }

    [Fact]
    public void OnlyTheGivenImagesAreMeasured()
    {
        using var store = Store([0, 10, 5, 7], [20, 30, 5, 5]);
        Assert.Equal([5f, 6f], Normalization.Measure(store, [0]).Mean);
    }

    [Fact]
    public void GivenValuesApplyAfterTheScale()
    {
        using var store = Store([0, 10, 5, 7]);
        var given = Normalization.Create(new() { Scale = 1 / 255.0, Mean = [0.5f, 0.4f], Std = [0.25f, 0.2f] }, null, store, [0]);
        Assert.Equal([127.5f, 102f], given.Mean);
        Assert.Equal([63.75f, 51f], given.Std);
        var scaled = Normalization.Create(new() { Scale = 1 / 255.0 }, null, store, [0]);
        Assert.Equal([0f, 0f, 255f, 255f], scaled.Mean.Concat(scaled.Std));
    }

    [Fact]
    public void ValuesForOtherChannelsAreAnError()
    {
        using var store = Store([0, 10, 5, 7]);
        var error = Assert.Throws<ArgumentException>(() => Normalization.Create(new() { Mean = [1f], Std = [1f] }, null, store, [0]));
        Assert.Contains("1 values; the images have 2 channels", error.Message);
    }

    private static PixelStore Store(params byte[][] images)
    {
        var store = new PixelStore(new(2, 1, 2), 1 << 20);
        foreach (var image in images)
            store.Add(image, 0);
        return store;
    }

    [Fact]
    public void ImageNetIsInRawPixelValues()
    {
        using var store = new PixelStore(new(3, 1, 1), 1 << 20);
        store.Add([1, 2, 3], 0);
        var named = Normalization.Create(new() { Normalization = PixelNormalization.Get("ImageNet") }, null, store, [0]);
        Assert.Equal([123.675f, 116.28f, 103.53f], named.Mean);
        Assert.Equal([58.395f, 57.12f, 57.375f], named.Std.Select(std => MathF.Round(std, 3)));
    }

    [Fact]
    public void WhatBelongsToTheWeightsCountsWhereTheOptionsSayNothing()
    {
        using var store = new PixelStore(new(1, 1, 1), 1 << 20);
        store.Add([7], 0);
        var ofWeights = new Normalization([3], [2]);
        Assert.Equal([3f], Normalization.Create(new(), ofWeights, store, [0]).Mean);
        Assert.Equal([7f], Normalization.Create(new() { Normalization = PixelNormalization.Measured }, ofWeights, store, [0]).Mean);
        Assert.Equal([5f], Normalization.Create(new() { Mean = [5f], Std = [1f] }, ofWeights, store, [0]).Mean);
        var error = Assert.Throws<ArgumentException>(() => Normalization.Create(new() { Normalization = PixelNormalization.ImageNet }, null, store, [0]));
        Assert.Contains("imagenet has Mean and Std of 3 values; the images have 1 channels", error.Message);
    }
}
