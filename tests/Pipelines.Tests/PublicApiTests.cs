using Compat.Conformance;

namespace CnnTrainers.Pipelines.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_committed_one() => PublicApiCheck.Run(typeof(ImageFolder).Assembly, "Pipelines");
}
