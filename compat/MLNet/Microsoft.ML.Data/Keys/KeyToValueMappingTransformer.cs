using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel), "Key To Value Transform", KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>What <see cref="KeyToValueMappingEstimator"/> gives. It holds no values: they come with the key column.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";
    internal const string NoKeyValues = "Metadata KeyValues does not exist";

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new KeyToValueMappingTransformer(env.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "KEY2VALT",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(KeyToValueMappingTransformer).Assembly.FullName);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        var column = inputSchema[srcCol];
        if (column.Type.GetItemType() is not KeyDataViewType key)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.Name, "Key", column.Type.ToString());
        var values = column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)
            ?? throw Host.Except(NoKeyValues);
        Host.Check(values.Type is VectorDataViewType vector && (ulong)vector.Size == key.Count,
            "KeyValues metadata size does not match column type key count");
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly KeyToValueMappingTransformer _parent;
        private readonly KeyValueTable[] _tables;

        public Mapper(KeyToValueMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host, parent, inputSchema)
        {
            _parent = parent;
            _tables = new KeyValueTable[parent.ColumnPairs.Length];
            for (int i = 0; i < _tables.Length; i++)
                _tables[i] = KeyValueTable.Create(Source(i));
        }

        private DataViewSchema.Column Source(int i) => InputSchema[ColMapNewToOld[i]];

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Enumerable.Range(0, _tables.Length).Select(MakeColumn).ToArray();

        private DataViewSchema.DetachedColumn MakeColumn(int i)
        {
            DataViewType type = _tables[i].ItemType;
            if (Source(i).Type is VectorDataViewType vector)
                type = new VectorDataViewType(_tables[i].ItemType, vector.Dimensions);
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(Source(i).Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
            return new DataViewSchema.DetachedColumn(_parent.ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations());
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return _tables[iinfo].MakeGetter(input, Source(iinfo));
        }
    }
}
