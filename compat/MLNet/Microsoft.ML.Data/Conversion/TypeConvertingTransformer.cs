using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Data.Conversion;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(TypeConvertingTransformer), null, typeof(SignatureLoadModel), "Convert Transform", TypeConvertingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>What <see cref="TypeConvertingEstimator"/> gives.</summary>
public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ConvertTransform";

    private const byte HasKeyCount = 0x80;
    private const uint VersionWithoutFloatSize = 0x00010003;
    private const uint VersionWithKeyCountOnly = 0x00010004;

    private readonly TypeConvertingEstimator.ColumnOptions[] _columns;

    internal TypeConvertingTransformer(IHostEnvironment env, params TypeConvertingEstimator.ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(TypeConvertingTransformer)),
            Array.ConvertAll(columns, column => (column.Name, column.InputColumnName)))
    {
        _columns = columns;
    }

    // The payload, taken from public sources: the columns, then for each the kind's number, with the high bit set
    // where a count of keys (u64) follows.
    private TypeConvertingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _columns = new TypeConvertingEstimator.ColumnOptions[ColumnPairs.Length];
        for (int i = 0; i < _columns.Length; i++)
        {
            byte code = ctx.Reader.ReadByte();
            var kind = (DataKind)(code & ~HasKeyCount);
            host.CheckDecode(Enum.IsDefined(kind), $"Unknown type {(byte)kind} of output column '{ColumnPairs[i].outputColumnName}'");
            var count = (code & HasKeyCount) == 0 ? null : ReadKeyCount(host, ctx);
            _columns[i] = new(ColumnPairs[i].outputColumnName, kind, ColumnPairs[i].inputColumnName, count);
            host.CheckDecode(_columns[i].IsValid, $"Output column '{_columns[i].Name}' cannot have {count?.Count} keys of type {kind}");
        }
    }

    internal IReadOnlyList<TypeConvertingEstimator.ColumnOptions> Columns => _columns;

    private static KeyCount ReadKeyCount(IHost host, ModelLoadContext ctx)
    {
        ulong count;
        if (ctx.Header.ModelVerWritten < VersionWithKeyCountOnly)
        {
            host.CheckDecode(ctx.Reader.ReadUInt64() == 0, "Keys that do not count from 0 are no longer read");
            count = ctx.Reader.ReadUInt64() + 1;
            host.CheckDecode(ctx.Reader.ReadByte() == 1, "Keys with gaps are no longer read");
        }
        else
            count = ctx.Reader.ReadUInt64();
        host.CheckDecode(count > 0, "A key column has no keys");
        return new KeyCount(count);
    }

    private static TypeConvertingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        if (ctx.Header.ModelVerWritten < VersionWithoutFloatSize)
            env.CheckDecode(ctx.Reader.ReadInt32() == sizeof(float), "Floats of another size are not read");
        return new TypeConvertingTransformer(env.Register(nameof(TypeConvertingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "CONVERTF",
        verWrittenCur: 0x00010004,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010002,
        loaderSignature: LoaderSignature,
        loaderSignatureAlt: "ConvertFunction",
        loaderAssemblyName: typeof(TypeConvertingTransformer).Assembly.FullName);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        for (int i = 0; i < _columns.Length; i++)
        {
            bool hasCount = _columns[i].OutputKeyCount is not null;
            ctx.Writer.Write((byte)((byte)_columns[i].OutputKind | (hasCount ? HasKeyCount : 0)));
            if (hasCount)
                ctx.Writer.Write(((KeyDataViewType)TypeOf(i, TextDataViewType.Instance)).Count);
        }
    }

    private PrimitiveDataViewType TypeOf(int i, DataViewType source) => _columns[i].TryGetType(source, out var type) ? type : null;

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        var source = inputSchema[srcCol];
        if (!_columns[col].TryGetType(source.Type, out var type) || !Conversions.TryGet(source.Type.GetItemType(), type, out _))
            throw Host.ExceptParam(nameof(inputSchema),
                $"source column '{source.Name}' with item type '{source.Type}' is not compatible with destination type '{type}'");
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly TypeConvertingTransformer _parent;

        public Mapper(TypeConvertingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host, parent, inputSchema)
        {
            _parent = parent;
        }

        private DataViewSchema.Column Source(int i) => InputSchema[ColMapNewToOld[i]];

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Enumerable.Range(0, _parent._columns.Length).Select(MakeColumn).ToArray();

        private DataViewSchema.DetachedColumn MakeColumn(int i)
        {
            var itemType = _parent.TypeOf(i, Source(i).Type);
            DataViewType type = Source(i).Type is VectorDataViewType vector ? new VectorDataViewType(itemType, vector.Dimensions) : itemType;
            return new DataViewSchema.DetachedColumn(_parent._columns[i].Name, type, MakeAnnotations(Source(i), type));
        }

        private static DataViewSchema.Annotations MakeAnnotations(DataViewSchema.Column source, DataViewType type)
        {
            var kinds = new List<string>();
            if (type.IsKnownSizeVector())
                kinds.Add(AnnotationUtils.Kinds.SlotNames);
            if (source.Type.GetItemType() is KeyDataViewType from && type.GetItemType() is KeyDataViewType to && from.Count == to.Count)
                kinds.Add(AnnotationUtils.Kinds.KeyValues);
            if (source.Type.GetItemType() is NumberDataViewType && type.GetItemType() is NumberDataViewType)
                kinds.Add(AnnotationUtils.Kinds.IsNormalized);
            var annotations = new DataViewSchema.Annotations.Builder();
            foreach (string kind in kinds)
                annotations.Add(source.Annotations, name => name == kind);
            if (source.Type is BooleanDataViewType && type is NumberDataViewType)
                annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
            return annotations.ToAnnotations();
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var source = Source(iinfo);
            Conversions.TryGet(source.Type.GetItemType(), OutputColumns.Value[iinfo].Type.GetItemType(), out var conversion);
            return conversion.MakeGetter(input, source);
        }
    }
}
