using System.Reflection;
using Compat.Conformance;
using Microsoft.ML;

namespace Compat.MLNet.Tests.Conformance;

public sealed class ConformanceTests
{
    [Theory]
    [InlineData("Microsoft.Extensions.ML", 30)]
    [InlineData("Microsoft.ML.DataView", 130)]
    [InlineData("Microsoft.ML.Core", 100)]
    [InlineData("Microsoft.ML.Data", 220)]
    [InlineData("Microsoft.ML.ImageAnalytics", 40)]
    [InlineData("Microsoft.ML.StandardTrainers", 25)]
    [InlineData("Microsoft.ML.Transforms", 25)]
    public void EveryPublicAndProtectedMemberIsListedWithTheSameSignature(string assembly, int atLeast)
    {
        var listing = new Listing(Path.Combine(AppContext.BaseDirectory, "Api", assembly + ".txt"));
        var results = ListingPrinter.VisibleTypes(Assembly.Load(assembly)).Select(listing.Compare).ToList();
        string[] faults = results.SelectMany(r => r.Faults).ToArray();
        Assert.True(faults.Length == 0, string.Join('\n', faults));
        Assert.InRange(results.Sum(r => r.Compared), atLeast, int.MaxValue);
    }
}
