using System.Reflection;
using Compat.Conformance;

namespace Compat.MLNet.Tests.Conformance;

public sealed class CompatPageTests
{
    [Fact]
    public void ThePageIsCurrent() => CompatPage.Check("ML.NET", Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Api"), "Microsoft.*.txt").Order(StringComparer.Ordinal)
        .Select(listing => (Assembly.Load(Path.GetFileNameWithoutExtension(listing)), new Listing(listing))));
}
