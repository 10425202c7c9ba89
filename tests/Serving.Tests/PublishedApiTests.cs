using System.Reflection;
using Compat.Conformance;

namespace CnnTrainers.Serving.Tests;

public sealed class PublishedApiTests
{
    [Fact]
    public void TheTestsUseOnlyWhatThePublishedAssembliesHave() => PublishedApiCheck.Run(typeof(PublishedApiTests).Assembly, atLeast: 50);

    [Fact]
    public void TheExampleUsesOnlyWhatThePublishedAssembliesHave() =>
        PublishedApiCheck.Run(Assembly.LoadFrom(WebServiceTests.Program), atLeast: 15);
}
