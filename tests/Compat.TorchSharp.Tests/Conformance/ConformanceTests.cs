using TorchSharp;
using Xunit.Abstractions;

namespace Compat.Conformance;

public sealed class ConformanceTests(ITestOutputHelper output)
{
    private static string ListingPath => Path.Combine(AppContext.BaseDirectory, "Api", "TorchSharp.txt.gz");

    [Fact]
    public void Every_public_and_protected_member_is_listed_with_the_same_signature()
    {
        Listing listing = new(ListingPath);
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

    [Fact]
    public void A_member_that_is_not_listed_is_reported()
    {
        (List<string> faults, int compared) = new Listing(ListingPath).Compare(typeof(ConformanceTests));
        Assert.Contains(faults, fault => fault.EndsWith("## is not listed", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.EndsWith($"void {nameof(A_member_that_is_not_listed_is_reported)}()", StringComparison.Ordinal));
        Assert.Equal(4, compared);
    }
}
