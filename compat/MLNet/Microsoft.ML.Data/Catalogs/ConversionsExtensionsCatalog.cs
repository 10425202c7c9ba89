using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms of types and keys.</summary>
public static class ConversionsExtensionsCatalog
{
    /// <summary>Learns a column's distinct values and maps each to a key, 1 for the first; unknown and missing values get 0.</summary>
    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        int maximumNumberOfKeys = ValueToKeyMappingEstimator.DefaultMaximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false,
        IDataView keyData = null)
        => new(CatalogUtils.GetEnvironment(catalog), [(outputColumnName, inputColumnName ?? outputColumnName)],
            maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);

    /// <inheritdoc cref="MapValueToKey(TransformsCatalog.ConversionTransforms, string, string, int, ValueToKeyMappingEstimator.KeyOrdinality, bool, IDataView)"/>
    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns,
        int maximumNumberOfKeys = ValueToKeyMappingEstimator.DefaultMaximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false,
        IDataView keyData = null)
        => new(CatalogUtils.GetEnvironment(catalog), Pairs(columns),
            maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);

    /// <summary>Maps keys back to the values of the key column's annotation.</summary>
    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string inputColumnName = null)
        => new(CatalogUtils.GetEnvironment(catalog), (outputColumnName, inputColumnName ?? outputColumnName));

    /// <inheritdoc cref="MapKeyToValue(TransformsCatalog.ConversionTransforms, string, string)"/>
    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns)
        => new(CatalogUtils.GetEnvironment(catalog), Pairs(columns));

    /// <summary>Makes an indicator vector of each key; of a vector of keys, the indicator vectors one after another, or their sum.</summary>
    public static KeyToVectorMappingEstimator MapKeyToVector(this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName, string inputColumnName = null, bool outputCountVector = KeyToVectorMappingEstimator.DefaultOutputCountVector)
        => new(CatalogUtils.GetEnvironment(catalog), new KeyToVectorMappingEstimator.ColumnOptions(outputColumnName, inputColumnName ?? outputColumnName, outputCountVector));

    /// <inheritdoc cref="MapKeyToVector(TransformsCatalog.ConversionTransforms, string, string, bool)"/>
    public static KeyToVectorMappingEstimator MapKeyToVector(this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns, bool outputCountVector = KeyToVectorMappingEstimator.DefaultOutputCountVector)
        => new(CatalogUtils.GetEnvironment(catalog),
            Array.ConvertAll(Pairs(columns), pair => new KeyToVectorMappingEstimator.ColumnOptions(pair.Item1, pair.Item2, outputCountVector)));

    /// <summary>Converts a column to another item type.</summary>
    public static TypeConvertingEstimator ConvertType(this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName, string inputColumnName = null, DataKind outputKind = TypeConvertingEstimator.DefaultOutputKind)
        => new(CatalogUtils.GetEnvironment(catalog), new TypeConvertingEstimator.ColumnOptions(outputColumnName, outputKind, inputColumnName ?? outputColumnName));

    /// <inheritdoc cref="ConvertType(TransformsCatalog.ConversionTransforms, string, string, DataKind)"/>
    public static TypeConvertingEstimator ConvertType(this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns, DataKind outputKind = TypeConvertingEstimator.DefaultOutputKind)
        => new(CatalogUtils.GetEnvironment(catalog),
            Array.ConvertAll(Pairs(columns), pair => new TypeConvertingEstimator.ColumnOptions(pair.Item1, outputKind, pair.Item2)));

    /// <summary>Looks values up in a table of pairs. An unknown key gets the value type's default.</summary>
    public static ValueMappingEstimator<TInputType, TOutputType> MapValue<TInputType, TOutputType>(this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        IEnumerable<KeyValuePair<TInputType, TOutputType>> keyValuePairs,
        string inputColumnName = null,
        bool treatValuesAsKeyType = false)
        => MapPairs<TInputType, TOutputType>(catalog, outputColumnName, MapData.Create(CheckPairs(keyValuePairs), treatValuesAsKeyType), inputColumnName);

    /// <summary>Looks vectors up in a table of pairs. An unknown key gets an empty vector.</summary>
    public static ValueMappingEstimator<TInputType, TOutputType> MapValue<TInputType, TOutputType>(this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        IEnumerable<KeyValuePair<TInputType, TOutputType[]>> keyValuePairs,
        string inputColumnName = null)
        => MapPairs<TInputType, TOutputType>(catalog, outputColumnName, MapData.Create(CheckPairs(keyValuePairs)), inputColumnName);

    /// <summary>Looks values up in two columns of a data view. An unknown key gets the value type's default.</summary>
    public static ValueMappingEstimator MapValue(this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName, IDataView lookupMap, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn, string inputColumnName = null)
        => new(CatalogUtils.GetEnvironment(catalog), lookupMap, keyColumn, valueColumn, (outputColumnName, inputColumnName ?? outputColumnName));

    private static ValueMappingEstimator<TInputType, TOutputType> MapPairs<TInputType, TOutputType>(
        TransformsCatalog.ConversionTransforms catalog, string outputColumnName, IDataView data, string inputColumnName)
        => new(CatalogUtils.GetEnvironment(catalog), data, data.Schema[MapData.KeyName], data.Schema[MapData.ValueName],
            (outputColumnName, inputColumnName ?? outputColumnName));

    private static IEnumerable<T> CheckPairs<T>(IEnumerable<T> keyValuePairs)
    {
        Contracts.CheckValue(keyValuePairs, nameof(keyValuePairs));
        return keyValuePairs;
    }

    private static (string, string)[] Pairs(InputOutputColumnPair[] columns)
    {
        Contracts.CheckNonEmpty(columns, nameof(columns));
        return Array.ConvertAll(columns, pair => (pair.OutputColumnName, pair.InputColumnName));
    }
}
