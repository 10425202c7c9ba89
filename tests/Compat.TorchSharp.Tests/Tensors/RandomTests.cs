using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tensors;

public sealed class RandomTests
{
    [Fact]
    public void Equal_seeds_give_equal_numbers()
    {
        using Generator a = new(42), b = new(42), c = new(43);
        float[] first = randn(100, generator: a).Floats();
        Assert.Equal(first, randn(100, generator: b).Floats());
        Assert.NotEqual(first, randn(100, generator: c).Floats());
        Assert.Equal(42, a.initial_seed());
    }

    [Fact]
    public void A_state_can_be_taken_up_again()
    {
        using Generator generator = new(1);
        _ = rand(10, generator: generator);
        using Tensor state = generator.get_state();
        long[] first = randperm(50, generator: generator).Longs();
        generator.set_state(state);
        Assert.Equal(first, randperm(50, generator: generator).Longs());
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), first.Order());
    }

    [Fact]
    public void In_place_drawing_uses_the_given_generator()
    {
        using Generator generator = new(5);
        float[] first = zeros(1000).uniform_(-1, 3, generator).Floats();
        Assert.All(first, value => Assert.InRange(value, -1, 3));
        Assert.InRange(first.Average(), 0.8, 1.2);
        generator.manual_seed(5);
        Assert.Equal(first, zeros(1000).uniform_(-1, 3, generator).Floats());
        Assert.InRange(zeros(1000).normal_(2, 0.5, generator).mean().ToSingle(), 1.9f, 2.1f);
        Assert.InRange(zeros(1000).bernoulli_(0.25, generator).mean().ToSingle(), 0.2f, 0.3f);
    }

    [Fact]
    public void Integers_stay_below_their_bound()
    {
        using Generator generator = new(7);
        long[] values = randint(2, 6, (long[])[200], generator: generator).Longs();
        Assert.Equal([2L, 3, 4, 5], values.Distinct().Order());
        Assert.InRange(randint_int(10, generator), 0, 9);
    }

    [Fact]
    public void A_generator_of_ones_own_leaves_the_global_one_alone()
    {
        using Tensor before = get_rng_state();
        using Generator generator = new(9);
        _ = randn(10, generator: generator);
        Assert.True(before.Equals(get_rng_state()));
    }
}
