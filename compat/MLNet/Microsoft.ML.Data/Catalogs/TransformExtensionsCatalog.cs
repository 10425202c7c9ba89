using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms of whole columns.</summary>
public static class TransformExtensionsCatalog
{
    /// <summary>Puts scalars and vectors of one item type together into one vector.</summary>
    public static ColumnConcatenatingEstimator Concatenate(this TransformsCatalog catalog, string outputColumnName, params string[] inputColumnNames)
        => new(CatalogUtils.GetEnvironment(catalog), outputColumnName, inputColumnNames);

    /// <summary>Copies a column under another name.</summary>
    public static ColumnCopyingEstimator CopyColumns(this TransformsCatalog catalog, string outputColumnName, string inputColumnName)
        => new(CatalogUtils.GetEnvironment(catalog), (outputColumnName, inputColumnName));

    /// <summary>Drops the named columns; hidden columns of other names stay.</summary>
    public static ColumnSelectingEstimator DropColumns(this TransformsCatalog catalog, params string[] columnNames)
        => ColumnSelectingEstimator.DropColumns(CatalogUtils.GetEnvironment(catalog), columnNames);

    /// <summary>Keeps the named columns, in the order of the names, without hidden ones.</summary>
    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, params string[] columnNames)
        => ColumnSelectingEstimator.KeepColumns(CatalogUtils.GetEnvironment(catalog), columnNames);

    /// <summary>Keeps the named columns, in the order of the names, and the hidden ones of these names where asked for.</summary>
    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, string[] columnNames, bool keepHidden)
        => ColumnSelectingEstimator.KeepColumns(CatalogUtils.GetEnvironment(catalog), columnNames, keepHidden);
}
