#nullable disable
using System.Reflection;

namespace Compat.Conformance;

/// <summary>Compares what an assembly uses of ML.NET and TorchSharp with the listings of the published assemblies.</summary>
internal static class PublishedApiCheck
{
    public static void Run(Assembly assembly, int atLeast)
    {
        var published = new Listing(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Api")));
        using var used = new UsedMembers(assembly);
        IReadOnlyList<string> unlisted = [.. used.Unlisted(published), .. used.Unfulfilled(published)];
        Assert.True(unlisted.Count == 0, $"{assembly.GetName().Name} uses what the published assemblies do not have:\n{string.Join('\n', unlisted)}");
        Assert.InRange(used.All().Count(), atLeast, int.MaxValue);
    }
}
