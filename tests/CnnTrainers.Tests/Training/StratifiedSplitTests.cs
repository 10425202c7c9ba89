namespace CnnTrainers.Tests.Training;

public class StratifiedSplitTests
{
    [Fact]
    public void EveryClassIsHeldOutByItsShareThoughTheImagesAreSortedByClass()
    {
        var labels = Labels(100, 50, 10);
        Assert.Equal([20, 10, 2], CountsOf(labels, StratifiedSplit.HoldOut(labels, 0.2, 1)));
        Assert.Equal([50, 25, 5], CountsOf(labels, StratifiedSplit.HoldOut(labels, 0.5, 1)));
        Assert.Empty(StratifiedSplit.HoldOut(labels, 0, 1));
    }

    [Theory]
    [InlineData(0.9, new[] { 1, 1, 1 }, new[] { 0, 0, 0 })]
    [InlineData(0.9, new[] { 1, 2, 3 }, new[] { 0, 1, 2 })]
    [InlineData(0.99, new[] { 50, 1 }, new[] { 49, 0 })]
    [InlineData(0.001, new[] { 1, 2, 1 }, new[] { 0, 1, 0 })] // as a class has two
    [InlineData(0.1, new[] { 6, 6 }, null)]
    public void NoClassLosesItsLastImageAndOneIsHeldOutWhereThatCanBe(double fraction, int[] counts, int[]? expected)
    {
        var labels = Labels(counts);
        for (var seed = 0; seed < 20; seed++)
        {
            var held = CountsOf(labels, StratifiedSplit.HoldOut(labels, fraction, seed));
            if (expected is null)
                Assert.Equal(1, held.Sum());
            else
                Assert.Equal(expected, held);
        }
    }

    [Fact]
    public void TheSharesOfManySmallClassesAddUp()
    {
        var labels = Labels([.. Enumerable.Repeat(4, 100)]);
        var held = CountsOf(labels, StratifiedSplit.HoldOut(labels, 0.1, 1));
        Assert.Equal((40, 1), (held.Sum(), held.Max()));
        Assert.NotEqual(Enumerable.Repeat(1, 40), held.Take(40)); // chance says which, not their order
    }

    [Fact]
    public void TheSeedAloneSaysWhich()
    {
        var labels = Labels(50, 50);
        Assert.Equal(StratifiedSplit.HoldOut(labels, 0.2, 1), StratifiedSplit.HoldOut([.. labels.Select(label => $"class {label}")], 0.2, 1));
        Assert.NotEqual(StratifiedSplit.HoldOut(labels, 0.2, 1), StratifiedSplit.HoldOut(labels, 0.2, 2));
        Assert.Equal(StratifiedSplit.HoldOut(labels, 0.2, 1).Order(), StratifiedSplit.HoldOut(labels, 0.2, 1));
    }

    [Fact]
    public void ASampleHasEveryClassByItsShareAndEachOnceWhereThereIsRoom()
    {
        var labels = Labels(500, 490, 10);
        Assert.Equal([50, 49, 1], CountsOf(labels, StratifiedSplit.Sample(labels, 100, 1)));
        Assert.Equal([1, 1, 1], CountsOf(labels, StratifiedSplit.Sample(labels, 3, 1)));
        Assert.Equal(Enumerable.Range(0, 1000), StratifiedSplit.Sample(labels, 5000, 1));
    }

    [Fact]
    public void FoldsHoldEveryImageOnceButForThoseAloneInTheirClass()
    {
        var labels = Labels(9, 2, 1, 4);
        var folds = StratifiedSplit.Folds(labels, 3, 1);
        Assert.Equal(Enumerable.Range(0, 16).Except([11]), folds.SelectMany(fold => fold).Order());
        Assert.Equal([5, 5, 5], folds.Select(fold => fold.Length));
        Assert.All(folds, fold => Assert.Equal(4, labels.Where((_, row) => !fold.Contains(row)).Distinct().Count()));
        Assert.All(folds, fold => Assert.Equal(3, CountsOf(labels, fold)[0]));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void AShareOutsideItsRangeIsRefused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedSplit.HoldOut(Labels(2, 2), fraction, 1));

    private static int[] Labels(params int[] counts) => [.. counts.SelectMany((count, label) => Enumerable.Repeat(label, count))];

    private static int[] CountsOf(int[] labels, IReadOnlyList<int> rows) => [.. labels.Distinct().Order().Select(label => rows.Count(row => labels[row] == label))];
}
