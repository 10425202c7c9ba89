using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

public class DropoutTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_part_of_a_batch_is_dropped_out_as_in_the_whole(bool isMap)
    {
        using var scope = NewDisposeScope();
        var whole = isMap ? ones(6, 4, 4, 5).permute(0, 3, 1, 2) : ones(6, 40);
        long[] rows = [1, 2, 5];
        Tensor Masked(Tensor images, (int, long[])? part)
        {
            using var generator = new Generator(7);
            using var dropout = new Dropout(0.5) { Generator = generator, Part = part };
            return dropout.call(images);
        }

        var expected = Masked(whole, null);
        Assert.InRange(expected.count_nonzero().item<long>(), 1, expected.numel() - 1);
        Assert.True(expected.index_select(0, tensor(rows)).Equals(Masked(whole.index_select(0, tensor(rows)), (6, rows))));
    }
}
