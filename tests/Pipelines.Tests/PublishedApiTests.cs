using Compat.Conformance;

namespace CnnTrainers.Pipelines.Tests;

public sealed class PublishedApiTests
{
    [Fact]
    public void The_product_uses_only_what_the_published_assemblies_have() => PublishedApiCheck.Run(typeof(ImageFolder).Assembly, atLeast: 0);

    [Fact]
    public void The_tests_use_only_what_the_published_assemblies_have() => PublishedApiCheck.Run(typeof(PublishedApiTests).Assembly, atLeast: 0);
}
