using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A catalog that knows its environment.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}

/// <summary>What an extension method on a catalog starts from.</summary>
internal static class CatalogUtils
{
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog) => Contracts.CheckRef(catalog, nameof(catalog)).Environment;
}
