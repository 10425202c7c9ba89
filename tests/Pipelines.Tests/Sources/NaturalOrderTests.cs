namespace CnnTrainers.Pipelines.Tests.Sources;

public sealed class NaturalOrderTests
{
    [Theory]
    [InlineData("1", "2", "10", "11", "100")]
    [InlineData("a b/1.jpg", "a/2.jpg", "a/10.jpg", "b/1.jpg")]
    [InlineData("apple", "Banana", "cherry")]
    [InlineData("photo", "photo 01", "photo 1", "photo 1b", "photo 2")]
    [InlineData("v1.9", "v1.10", "v2.0")]
    [InlineData("99999999999999999999998", "99999999999999999999999", "100000000000000000000000")]
    public void Numbers_count_by_their_value_and_letters_whatever_their_case(params string[] expected) =>
        Assert.Equal(expected, expected.Reverse().Order(NaturalOrder.Comparer));

    [Fact]
    public void Different_names_are_never_equal()
    {
        string[] names = ["a", "A", "1", "01", "001", "a1", "a01", ""];
        foreach (string one in names)
            foreach (string other in names)
                Assert.Equal(one == other, NaturalOrder.Comparer.Compare(one, other) == 0);
        Assert.True(NaturalOrder.Comparer.Compare(null, "") < 0);
    }
}
