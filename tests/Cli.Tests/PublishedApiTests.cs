using Compat.Conformance;

namespace CnnTrainers.Cli.Tests;

public sealed class PublishedApiTests
{
    [Fact]
    public void The_product_uses_only_what_the_published_assemblies_have() => PublishedApiCheck.Run(typeof(ExitCode).Assembly, atLeast: 50);

    [Fact]
    public void The_tests_use_only_what_the_published_assemblies_have() => PublishedApiCheck.Run(typeof(PublishedApiTests).Assembly, atLeast: 0);
}
