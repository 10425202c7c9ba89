using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ValueMappingTransformer), null, typeof(SignatureLoadModel), "Value Mapping Transform", ValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>What <see cref="ValueMappingEstimator"/> gives. The table is saved with it.</summary>
public class ValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ValueMappingTransformer";

    // A stream beside the model, taken from public sources: the table as a binary data view.
    private const string MapStreamName = "DefaultMap.idv";

    private readonly ValueMap _map;

    internal ValueMappingTransformer(IHostEnvironment env, IDataView lookupMap, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn,
        (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ValueMappingTransformer)), columns)
    {
        Host.CheckValue(lookupMap, nameof(lookupMap));
        CheckBelongs(lookupMap.Schema, keyColumn, nameof(keyColumn));
        CheckBelongs(lookupMap.Schema, valueColumn, nameof(valueColumn));
        Host.CheckParam(keyColumn.Type is PrimitiveDataViewType, nameof(keyColumn), $"Keys must be scalars, got {keyColumn.Type} in column '{keyColumn.Name}'");
        _map = ValueMap.Read(Host, lookupMap, keyColumn, valueColumn);
    }

    private ValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        byte[] bytes = null;
        host.CheckDecode(ctx.TryLoadBinaryStream(MapStreamName, reader => bytes = ReadAll(reader.BaseStream)), $"Missing {MapStreamName}");
        using var loader = new BinaryLoader(host, new MemoryStream(bytes, writable: false), leaveOpen: false);
        var key = loader.Schema.GetColumnOrNull(MapData.KeyName);
        var value = loader.Schema.GetColumnOrNull(MapData.ValueName);
        host.CheckDecode(key?.Type is PrimitiveDataViewType && value is not null, $"{MapStreamName} lacks a column '{MapData.KeyName}' or '{MapData.ValueName}'");
        _map = ValueMap.Read(host, loader, key.Value, value.Value);
    }

    internal DataViewSchema.Column ValueColumn => _map.ValueColumn;

    private static byte[] ReadAll(Stream stream)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private void CheckBelongs(DataViewSchema schema, DataViewSchema.Column column, string paramName)
        => Host.CheckParam(column.Index < schema.Count && schema[column.Index].Name == column.Name && schema[column.Index].Type.Equals(column.Type), paramName,
            $"Column '{column.Name}' does not exist in the given dataview");

    private static ValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ValueMappingTransformer(env.Register(nameof(ValueMappingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "VALUMAPG",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ValueMappingTransformer).Assembly.FullName);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        ctx.SaveBinaryStream(MapStreamName, writer => writer.Write(_map.Save(Host)));
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        var source = inputSchema[srcCol];
        CheckInput(source.Name, source.Type.GetItemType(), source.Type is VectorDataViewType, source.Type.ToString());
    }

    /// <summary>A key column looks up numbers of its raw type, as ML.NET has it.</summary>
    internal void CheckInput(string name, DataViewType itemType, bool isVector, string actualType)
    {
        if (isVector && _map.ValueColumn.Type is VectorDataViewType)
            throw Host.ExceptNotSupp($"Column '{name}' cannot be mapped to values when the column and the map values are both vector type.");
        if (itemType.RawType != _map.KeyColumn.Type.RawType)
            throw Host.ExceptSchemaMismatch("inputSchema", "input", name, _map.KeyColumn.Type.ToString(), actualType);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ValueMappingTransformer _parent;

        public Mapper(ValueMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host, parent, inputSchema)
        {
            _parent = parent;
        }

        private DataViewSchema.Column Source(int i) => InputSchema[ColMapNewToOld[i]];

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Enumerable.Range(0, _parent.ColumnPairs.Length).Select(MakeColumn).ToArray();

        private DataViewSchema.DetachedColumn MakeColumn(int i)
        {
            var value = _parent._map.ValueColumn;
            var type = Source(i).Type is VectorDataViewType vector ? new VectorDataViewType((PrimitiveDataViewType)value.Type, vector.Dimensions) : value.Type;
            return new DataViewSchema.DetachedColumn(_parent.ColumnPairs[i].outputColumnName, type, value.Annotations);
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return _parent._map.MakeGetter(input, Source(iinfo));
        }
    }
}
