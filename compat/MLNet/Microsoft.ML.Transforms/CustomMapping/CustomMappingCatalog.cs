using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms made of a user's function.</summary>
public static class CustomMappingCatalog
{
    /// <summary>Computes new columns, the members of <typeparamref name="TDst"/>, from a row's columns, the members of <typeparamref name="TSrc"/>.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="mapAction">Called at most once a row, perhaps on several threads; its objects are used again for the next row.</param>
    /// <param name="contractName">The name of a <see cref="CustomMappingFactoryAttributeAttribute"/>; null for a mapping that is never saved.</param>
    /// <param name="inputSchemaDefinition">The columns that the source's members stand for; by default those of their names.</param>
    /// <param name="outputSchemaDefinition">The columns that the destination's members make; by default those of their names.</param>
    public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(this TransformsCatalog catalog, Action<TSrc, TDst> mapAction,
        string contractName, SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new()
        => new(catalog.GetEnvironment(), mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition);
}
