using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns the distinct values of columns and maps each value to a key, 1 for the first.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    /// <summary>Which value gets which key.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>In the order in which values are first seen.</summary>
        ByOccurrence = 0,

        /// <summary>In the order of the values themselves.</summary>
        ByValue = 1,
    }

    internal const int DefaultMaximumNumberOfKeys = 1000000;

    private readonly IHost _host;
    private readonly (string outputColumnName, string inputColumnName)[] _columns;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _asText;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns,
        int maximumNumberOfKeys, KeyOrdinality keyOrdinality, bool addKeyValueAnnotationsAsText, IDataView keyData)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(ValueToKeyMappingEstimator));
        _host.CheckNonEmpty(columns, nameof(columns));
        if (maximumNumberOfKeys <= 0)
            throw _host.ExceptUserArg(nameof(maximumNumberOfKeys), $"must be positive, got {maximumNumberOfKeys}");
        _columns = columns;
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _ordinality = keyOrdinality;
        _asText = addKeyValueAnnotationsAsText;
        _keyData = keyData;
        if (keyData is not null && keyData.Schema.Count(column => !column.IsHidden) != 1)
            throw _host.ExceptUserArg(nameof(keyData), $"expected one column, got {keyData.Schema.Count(column => !column.IsHidden)}");
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var inputs = Array.ConvertAll(_columns, pair => input.Schema[pair.inputColumnName]);
        var builders = Array.ConvertAll(inputs, column => KeyMapBuilder.Create((PrimitiveDataViewType)column.Type.GetItemType(), _maximumNumberOfKeys));
        if (_keyData is null)
            Read(input, inputs, builders);
        else
            ReadKeyData(inputs, builders);
        var maps = Array.ConvertAll(builders, builder => builder.Build(_ordinality == KeyOrdinality.ByValue));
        return new ValueToKeyMappingTransformer(_host, _columns, maps, Array.ConvertAll(_columns, _ => _asText));
    }

    private void ReadKeyData(DataViewSchema.Column[] inputs, KeyMapBuilder[] builders)
    {
        var source = _keyData.Schema.Single(column => !column.IsHidden);
        foreach (var input in inputs)
        {
            if (!source.Type.GetItemType().Equals(input.Type.GetItemType()))
                throw _host.ExceptUserArg("keyData", $"expected a column of {input.Type.GetItemType()} for input column '{input.Name}', got {source.Type}");
        }
        Read(_keyData, Array.ConvertAll(inputs, _ => source), builders);
    }

    private static void Read(IDataView data, DataViewSchema.Column[] columns, KeyMapBuilder[] builders)
    {
        using var cursor = data.GetRowCursor(columns.DistinctBy(column => column.Index));
        var readers = new Action[columns.Length];
        for (int i = 0; i < readers.Length; i++)
            readers[i] = builders[i].CreateReader(cursor, columns[i]);
        while (cursor.MoveNext())
        {
            foreach (var read in readers)
                read();
        }
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var shape = new SchemaShapeEditor(_host, inputSchema);
        foreach (var (output, inputName) in _columns)
        {
            var input = shape.Input(inputName);
            if (input.ItemType is not PrimitiveDataViewType)
                throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", inputName, "a primitive type or a vector of one", input.GetTypeString());

            var annotations = new List<SchemaShape.Column>();
            if (input.HasSlotNames())
                annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
            annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector,
                _asText ? TextDataViewType.Instance : input.ItemType, !_asText && input.IsKey));
            shape.Set(new SchemaShape.Column(output, input.Kind, NumberDataViewType.UInt32, true, new SchemaShape(annotations)));
        }
        return shape.ToShape();
    }
}
