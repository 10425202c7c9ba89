using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class ValidationTests
{
    [Theory]
    [InlineData(0.1, 20)]
    [InlineData(0.1, 8)]
    [InlineData(0.0003, 8)] // MnasNet's: such averages hardly move
    public void SettledNormsHaveTheAveragesOfTheLastBatches(double momentum, int batchSize)
    {
        using var scope = NewDisposeScope();
        using var images = Toy.Images(20);
        using var conv = nn.Conv2d(1, 6, 3);
        using var norm = nn.BatchNorm2d(6, momentum: momentum);
        using var network = nn.Sequential(conv, norm, nn.Flatten(), nn.Linear(6 * 14 * 14, 2));
        network.train();
        var options = Toy.Options with { BatchSize = batchSize };
        using var inputs = TrainingInputs.Create(
            network, new TrainableLayers(network, options), new ImageSet(images), null, 2, Normalization.Create(options, null, images, [.. Enumerable.Range(0, 20)]), options, _ => { }, seed: 1);
        Assert.True(Validation.SettleNorms(network, inputs, epoch: 1));

        var (mean, variance, weights) = (zeros(6), zeros(6), 0.0);
        foreach (var batch in inputs.Training.Epoch(1))
        {
            var pixels = conv.call(batch.Images).permute(1, 0, 2, 3).flatten(1).detach();
            (mean, variance) = ((1 - momentum) * mean + momentum * pixels.mean([1]), (1 - momentum) * variance + momentum * pixels.var(1));
            weights = (1 - momentum) * weights + momentum;
        }
        AssertClose(mean / weights, norm.running_mean!);
        AssertClose(variance / weights, norm.running_var!);
    }

    [Fact]
    public void ANetworkWithoutNormsHasNothingToSettle()
    {
        using var images = Toy.Images(8);
        using var network = nn.Sequential(nn.Flatten(), nn.Linear(256, 2));
        using var inputs = TrainingInputs.Create(network, new TrainableLayers(network, Toy.Options), new ImageSet(images), null, 2,
            Normalization.Create(Toy.Options, null, images, [.. Enumerable.Range(0, 8)]), Toy.Options, _ => { }, seed: 1);
        Assert.False(Validation.SettleNorms(network, inputs, epoch: 1));
    }

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-3f * expected.abs().max().item<float>());
}
