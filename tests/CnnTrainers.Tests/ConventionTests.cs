using System.Reflection;
using CnnTrainers.Architectures;

namespace CnnTrainers.Tests;

public class ConventionTests
{
    private static readonly Assembly Library = typeof(CnnArchitecture).Assembly;

    [Fact]
    public void PublicTypesAreSealedAbstractOrValues() =>
        Assert.All(Library.GetExportedTypes(), type => Assert.True(type.IsSealed || type.IsAbstract || type.IsValueType, type.FullName));

    [Fact]
    public void PublicTypesAreInOneNamespace() =>
        Assert.All(Library.GetExportedTypes(), type => Assert.True(type.Namespace == "CnnTrainers", type.FullName));

    [Fact]
    public void ArchitecturesDoNotKnowMLNet()
    {
        var types = Library.GetTypes().Where(type => type.Namespace == typeof(Block).Namespace || type.IsAssignableTo(typeof(CnnArchitecture)));
        Assert.All(types, type => Assert.All(Mentioned(type), mentioned =>
            Assert.False(mentioned.FullName?.StartsWith("Microsoft.ML") == true, $"{type} mentions {mentioned}")));
    }

    [Fact]
    public void EveryVariantOfEveryFamilyIsInTheRegistry()
    {
        var variants = Library.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(CnnArchitecture)))
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(property => property.PropertyType == type).Select(property => property.GetValue(null)));
        Assert.Equal(CnnArchitecture.All.Count, variants.Count());
        Assert.All(variants, variant => Assert.Contains(variant, CnnArchitecture.All));
    }

    private static IEnumerable<Type> Mentioned(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetFields(all).Select(field => field.FieldType)
            .Concat(type.GetMethods(all).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)));
    }
}
