using TorchSharp;
using Xunit.Abstractions;

namespace Compat.Conformance;

public sealed class ConformanceTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_public_and_protected_member_is_listed_with_the_same_signature()
    {
        Listing listing = new(Path.Combine(AppContext.BaseDirectory, "TestData", "TorchSharp.txt"));
        List<string> faults = [];
        int compared = 0;
        foreach (Type type in ListingPrinter.VisibleTypes(typeof(torch).Assembly))
        {
            (List<string> found, int count) = listing.Compare(type);
            faults.AddRange(found);
            compared += count;
        }
        output.WriteLine($"{compared} members were compared, {faults.Count} differ.");
        Assert.True(compared > 1000, $"Only {compared} members were compared.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
