using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

public class DropoutTests
{
    [Fact]
    public void ItZeroesItsShareAndScalesTheRest()
    {
        using var generator = new Generator(1);
        using var dropout = new Dropout(0.25) { Generator = generator };
        using var output = dropout.call(ones(10_000));
        var values = output.data<float>().ToArray();
        Assert.All(values, value => Assert.True(value is 0 or 1 / 0.75f));
        Assert.InRange(values.Count(value => value == 0), 2300, 2700);
    }

    [Fact]
    public void EvaluationChangesNothingAndTheOutputCanBeFreedAlone()
    {
        using var dropout = new Dropout(0.5);
        dropout.eval();
        using var input = ones(3);
        dropout.call(input).Dispose();
        Assert.Equal([1f, 1, 1], input.data<float>().ToArray());
    }

    [Fact]
    public void ItHasNoState()
    {
        using var dropout = new Dropout(0.5);
        Assert.Empty(NetworkState.Entries(dropout));
    }
}
