using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel), "Term Transform", ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>What <see cref="ValueToKeyMappingEstimator"/> gives.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";

    private readonly KeyMap[] _maps;
    private readonly bool[] _asText;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, KeyMap[] maps, bool[] asText)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ValueToKeyMappingTransformer)), columns)
    {
        _maps = maps;
        _asText = asText;
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _asText = new bool[ColumnPairs.Length];
        for (int i = 0; i < _asText.Length; i++)
            _asText[i] = ctx.Reader.ReadByte() != 0;
        _maps = KeyVocabulary.Load(host, ctx, ColumnPairs.Length);
    }

    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ValueToKeyMappingTransformer(env.Register(nameof(ValueToKeyMappingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "TERMTRNF",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ValueToKeyMappingTransformer).Assembly.FullName);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        foreach (bool asText in _asText)
            ctx.Writer.Write((byte)(asText ? 1 : 0));
        KeyVocabulary.Save(Host, ctx, _maps);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        var type = inputSchema[srcCol].Type;
        var itemType = type.GetItemType();
        if (!itemType.Equals(_maps[col].ItemType))
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", inputSchema[srcCol].Name, _maps[col].ItemType.ToString(), type.ToString());
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ValueToKeyMappingTransformer _parent;

        public Mapper(ValueToKeyMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host, parent, inputSchema)
        {
            _parent = parent;
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Enumerable.Range(0, _parent._maps.Length).Select(MakeColumn).ToArray();

        private DataViewSchema.DetachedColumn MakeColumn(int i)
        {
            var source = InputSchema[ColMapNewToOld[i]];
            // A key type has at least one key, even where no value was seen.
            DataViewType type = new KeyDataViewType(typeof(uint), Math.Max(1, _parent._maps[i].Count));
            if (source.Type is VectorDataViewType vector)
                type = new VectorDataViewType((PrimitiveDataViewType)type, vector.Dimensions);
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
            if (_parent._maps[i].Count > 0)
                _parent._maps[i].AddKeyValues(annotations, _parent._asText[i]);
            return new DataViewSchema.DetachedColumn(_parent.ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations());
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return _parent._maps[iinfo].MakeGetter(input, InputSchema[ColMapNewToOld[iinfo]]);
        }
    }
}
