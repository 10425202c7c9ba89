using TorchSharp;

namespace Compat.Conformance;

public sealed class CompatPageTests
{
    [Fact]
    public void The_page_is_current() =>
        CompatPage.Check("TorchSharp", [(typeof(torch).Assembly, new Listing(Path.Combine(AppContext.BaseDirectory, "Api", "TorchSharp.txt.gz")))]);
}
