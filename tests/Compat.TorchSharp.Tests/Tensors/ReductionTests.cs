using TorchSharp;
using static Compat.Tensors.Values;
using static TorchSharp.torch;

namespace Compat.Tensors;

public sealed class ReductionTests
{
    private readonly Tensor m = Matrix(2, 3, 3, 1, 2, 6, 4, 5);

    [Fact]
    public void Sums_and_means_run_over_all_or_some_dimensions()
    {
        Assert.Equal(21f, m.sum().item<float>());
        AreClose([9, 5, 7], m.sum(0L)); // a plain 0 is a ScalarType to the compiler: the sum of all, as bytes
        AreClose([6, 15], m.sum([1L]));
        AreClose([2, 5], m.mean([1]));
        Assert.Equal([2, 1], m.mean([1], keepdim: true).shape);
        Assert.Equal(ScalarType.Float64, m.sum(ScalarType.Float64).dtype);
    }

    [Fact]
    public void Deviations_are_unbiased_unless_told_otherwise()
    {
        AreClose([1, 1], m.std(1));
        AreClose([2f / 3, 2f / 3], m.var(1, unbiased: false));
        Assert.Equal(3.5f, m.var().item<float>(), 1e-5f);
        (Tensor deviation, Tensor mean) = m.std_mean(1);
        AreClose([1, 1], deviation);
        AreClose([2, 5], mean);
    }

    [Fact]
    public void Extremes_come_with_their_places()
    {
        (Tensor values, Tensor indices) = m.max(1);
        AreClose([3, 6], values);
        Assert.Equal([0L, 0], indices.Longs());
        Assert.Equal(1f, m.min().item<float>());
        Assert.Equal([1L, 1], m.argmin(1).Longs());
        Assert.Equal(3L, m.argmax().item<long>());
        AreClose([6, 4, 5], m.amax([0], false));
    }

    [Fact]
    public void The_largest_come_first_and_sorting_can_be_either_way()
    {
        (Tensor values, Tensor indices) = m.topk(2);
        AreClose([3, 2, 6, 5], values);
        Assert.Equal([0L, 2, 0, 2], indices.Longs());
        AreClose([1, 2, 3, 4, 5, 6], m.sort().Item1);
        Assert.Equal([1L, 2, 0, 1, 2, 0], m.argsort().Longs());
    }

    [Fact]
    public void Softmax_gives_probabilities_and_its_logarithm_agrees()
    {
        float[] powers = [MathF.Exp(3), MathF.Exp(1), MathF.Exp(2)];
        AreClose(powers.Select(p => p / powers.Sum()).ToArray(), m.softmax(1)[0]);
        AreClose(m.softmax(1).log().Floats(), m.log_softmax(1));
        AreClose([MathF.Log(powers.Sum())], m[0].logsumexp(0));
    }

    [Fact]
    public void Norms_and_products_are_those_computed_by_hand()
    {
        Assert.Equal(MathF.Sqrt(91), m.norm().item<float>(), 1e-5f);
        AreClose([6, 15], m.norm(1, p: 1));
        AreClose([6, 120], m.prod(1));
        AreClose([3, 4, 6, 6, 10, 15], m.cumsum(1));
    }

    [Fact]
    public void Unique_values_come_with_what_was_asked_for()
    {
        (Tensor values, Tensor inverse, Tensor counts) = tensor(new long[] { 3, 1, 3 }).unique(return_counts: true);
        Assert.Equal([1L, 3], values.Longs());
        Assert.Null(inverse);
        Assert.Equal([1L, 2], counts.Longs());
    }

    [Fact]
    public void Counts_of_classes_come_from_bincount() =>
        Assert.Equal([1L, 0, 2], tensor(new long[] { 2, 0, 2 }).bincount(null).Longs());
}
