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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APartOfABatchIsDroppedOutAsInTheWhole(bool isMap)
    {
        using var scope = NewDisposeScope();
        long[] rows = [1, 2, 5];
        Tensor Images(int count) => isMap ? ones(count, 4, 4, 5).permute(0, 3, 1, 2) : ones(count, 40);
        Tensor Masked(Tensor images, (int, long[])? part)
        {
            using var generator = new Generator(7);
            using var dropout = new Dropout(0.5) { Generator = generator, Part = part };
            return dropout.call(images);
        }

        var whole = Masked(Images(6), null);
        Assert.InRange(whole.count_nonzero().item<long>(), 1, whole.numel() - 1);
        Assert.True(whole.index_select(0, tensor(rows)).Equals(Masked(Images(3), (6, rows))));
    }
}
