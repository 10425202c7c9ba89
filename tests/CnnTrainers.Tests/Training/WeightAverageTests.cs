using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class WeightAverageTests
{
    [Fact]
    public void TheAverageFollowsItsFormula()
    {
        using var layer = nn.Linear(1, 1, hasBias: false);
        Set(layer, 10);
        using var average = new WeightAverage(layer, 0.3);
        var expected = 10.0;
        double[] decays = [2.0 / 11, 3.0 / 12, 0.3, 0.3];
        for (var step = 0; step < decays.Length; step++)
        {
            Set(layer, step);
            average.Update();
            expected = decays[step] * expected + (1 - decays[step]) * step;
            Assert.Equal(expected, average.State.Single().Value.item<float>(), 1e-5);
        }
    }

    [Fact]
    public void StatisticsAreAveragedAndCountsCopied()
    {
        using var noGrad = no_grad();
        using var norm = nn.BatchNorm2d(1);
        using var average = new WeightAverage(norm, 0.9);
        norm.running_mean!.fill_(11);
        norm.get_buffer("num_batches_tracked")!.fill_(7);
        average.Update();
        var state = average.State.ToDictionary(entry => entry.Name, entry => entry.Value);
        Assert.Equal(9, state["running_mean"].item<float>(), 1e-5);
        Assert.Equal(7, state["num_batches_tracked"].item<long>());
    }

    [Fact]
    public void SwappingTwiceChangesNothing()
    {
        using var layer = nn.Linear(1, 1, hasBias: false);
        Set(layer, 1);
        using var average = new WeightAverage(layer, 0.9);
        Set(layer, 2);
        average.Swap();
        Assert.Equal((1, 2), (layer.weight!.item<float>(), average.State.Single().Value.item<float>()));
        average.Swap();
        Assert.Equal((2, 1), (layer.weight!.item<float>(), average.State.Single().Value.item<float>()));
    }

    private static void Set(TorchSharp.Modules.Linear layer, double value)
    {
        using var noGrad = no_grad();
        layer.weight!.fill_(value);
    }
}
