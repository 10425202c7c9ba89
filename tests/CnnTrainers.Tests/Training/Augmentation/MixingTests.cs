using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class MixingTests
{
    private static readonly ImageShape Shape = new(1, 4, 4);

    [Fact]
    public void MixupBlendsTwoImagesAndTheirTargets()
    {
        var (one, other, targets) = (Enumerable.Repeat(8f, 16).ToArray(), Enumerable.Repeat(4f, 16).ToArray(), new float[3]);
        var mixture = new Mixture(0.75f, default);
        mixture.Mix(one, other, Shape);
        mixture.Target(2, 0, targets);
        Assert.All(one, value => Assert.Equal(7, value));
        Assert.All(other, value => Assert.Equal(5, value));
        Assert.Equal([0.25f, 0, 0.75f], targets);
    }

    [Fact]
    public void CutMixExchangesARectangle()
    {
        var (one, other) = (Enumerable.Range(0, 16).Select(i => (float)i).ToArray(), new float[16]);
        new Mixture(0.75f, new Box(1, 2, 2, 2)).Mix(one, other, Shape);
        Assert.Equal([0f, 1, 2, 3, 4, 5, 0, 0, 8, 9, 0, 0, 12, 13, 14, 15], one);
        Assert.Equal([0f, 0, 0, 0, 0, 0, 6, 7, 0, 0, 10, 11, 0, 0, 0, 0], other);
    }

    [Fact]
    public void ImagesOfOneClassKeepIt()
    {
        var targets = new float[3];
        new Mixture(0.3f, default).Target(1, 1, targets);
        Assert.Equal([0f, 1, 0], targets);
    }

    [Fact]
    public void SharesFollowTheBetaDistribution()
    {
        var mixing = new Mixing { Classes = 2, MixupAlpha = 0.2 };
        var shares = Enumerable.Range(0, 20_000).Select(batch => (double)mixing.Draw(1, 1, batch, Shape).Share).ToList();
        Assert.InRange(shares.Average(), 0.49, 0.51);
        Assert.InRange(shares.Average(share => (share - 0.5) * (share - 0.5)), 0.172, 0.185); // 1 / (4 (2α + 1)) = 0.1786
        var uniform = Enumerable.Range(0, 20_000).Select(batch => (double)(mixing with { MixupAlpha = 1 }).Draw(1, 1, batch, Shape).Share).ToList();
        Assert.InRange(uniform.Average(share => (share - 0.5) * (share - 0.5)), 0.081, 0.086); // 1/12
        Assert.InRange((double)new Mixing { Classes = 2, MixupAlpha = 1e-4 }.Draw(1, 1, 1, Shape).Share, 0, 1);
    }

    [Fact]
    public void TheBoxOfCutMixIsWhatTheShareSays()
    {
        var mixing = new Mixing { Classes = 2, CutMixAlpha = 1 };
        var large = new ImageShape(3, 50, 70);
        var mixtures = Enumerable.Range(0, 2000).Select(batch => mixing.Draw(1, 1, batch, large)).ToList();
        Assert.All(mixtures, mixture => Assert.Equal(1 - mixture.Box.Area / 3500f, mixture.Share, 1e-6f));
        Assert.All(mixtures, mixture => Assert.True(mixture.Box is { Top: >= 0, Left: >= 0 } box && box.Top + box.Height <= 50 && box.Left + box.Width <= 70));
        Assert.InRange(mixtures.Max(mixture => mixture.Box.Area), 3000, 3500);
    }

    [Fact]
    public void ProbabilitiesDecideWhetherAndWhich()
    {
        var mixing = new Mixing { Classes = 2, MixupAlpha = 1, CutMixAlpha = 1, Probability = 0.6, SwitchProbability = 0.25 };
        var mixtures = Enumerable.Range(0, 4000).Select(batch => mixing.Draw(3, 1, batch, new(1, 100, 100))).ToList();
        Assert.InRange(mixtures.Count(mixture => mixture == Mixture.None), 1500, 1700);
        Assert.InRange(mixtures.Count(mixture => mixture.Box != default), 500, 680);
        Assert.Equal(mixing.Draw(3, 1, 7, Shape), mixing.Draw(3, 1, 7, Shape));
    }

    [Theory]
    [InlineData(9, 1, 0)]
    [InlineData(10, 0, 1)]
    [InlineData(10, 1, 1)]
    public void TargetsOfABatchSumToOneAndLabelsAreTheLargest(int count, double mixup, double cutMix)
    {
        using var images = Toy.Images(count);
        using var loader = new BatchLoader(new(images), 5, new([0], [1]), Augmentation.None, 1, new() { Classes = 4, MixupAlpha = mixup, CutMixAlpha = cutMix });
        foreach (var batch in Enumerable.Range(1, 5).SelectMany(epoch => loader.Epoch(epoch)))
        {
            var targets = batch.Targets!.data<float>().ToArray().Chunk(4).ToList();
            Assert.Equal(batch.Count, targets.Count);
            Assert.All(targets, target => Assert.Equal(1, target.Sum(), 1e-6f));
            Assert.All(targets.Zip(batch.Labels.data<long>()), pair => Assert.Equal(pair.First.Max(), pair.First[pair.Second]));
        }
        Assert.All(loader.Epoch(0), batch => Assert.Null(batch.Targets));
    }

    [Fact]
    public void AFitWithMixtureLearns()
    {
        using var images = Toy.Images(120);
        var result = Toy.Fit(images, Toy.Options with { Epochs = 4, MixupAlpha = 0.2, CutMixAlpha = 1, MixupSwitchProbability = 0.1, ValidationFraction = 0.25 });
        using var network = result.Network;
        Assert.True(result.Summary.History.Max(epoch => epoch.ValidationAccuracy) > 0.9);
    }
}
