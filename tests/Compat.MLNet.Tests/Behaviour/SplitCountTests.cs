using Microsoft.ML;

namespace Compat.MLNet.Tests.Behaviour;

/// <summary>ML.NET's facts about splits, as far as Data/SplitTests does not have them.</summary>
public sealed class SplitCountTests
{
    [Fact]
    public void CountsAreRandomAroundTheFraction()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 150).Select(index => new { Index = index }).ToList());
        int[] counts = [.. Enumerable.Range(0, 40).Select(seed => ml.Data.TrainTestSplit(data, 0.2, seed: seed).TestSet.Preview(150).RowView.Length)];
        Assert.InRange(counts.Distinct().Count(), 5, 40);
        Assert.InRange(counts.Average(), 27, 33);
    }
}
