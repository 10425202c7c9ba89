using Compat.Conformance;

namespace CnnTrainers.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_committed_one() => PublicApiCheck.Run(typeof(CnnArchitecture).Assembly, "CnnTrainers");
}
