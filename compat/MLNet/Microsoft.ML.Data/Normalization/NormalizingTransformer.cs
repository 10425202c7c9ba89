using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(NormalizingTransformer), null, typeof(SignatureLoadModel), "", NormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>What <see cref="NormalizingEstimator"/> gives.</summary>
public sealed partial class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";

    private const uint VersionWithDimensions = 0x00010002;

    private readonly ColumnInfo[] _columns;

    internal NormalizingTransformer(IHostEnvironment env, ColumnInfo[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(NormalizingTransformer)),
            Array.ConvertAll(columns, column => (column.Name, column.InputColumnName)))
    {
        _columns = columns;
    }

    private NormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _columns = new ColumnInfo[ColumnPairs.Length];
        for (int i = 0; i < _columns.Length; i++)
        {
            var type = LoadType(host, ctx);
            ColumnFunction function = null;
            bool found = ctx.TryProcessSubModel(PartName(i), part =>
            {
                function = ColumnFunction.Load(part, type);
                part.Done();
            });
            host.CheckDecode(found, $"Missing {PartName(i)}");
            _columns[i] = new(ColumnPairs[i].outputColumnName, ColumnPairs[i].inputColumnName, type, function);
        }
    }

    private static string PartName(int i) => $"Normalizer_{i:000}";

    // The payload, taken from public sources: the columns; for each u8 whether it is a vector, u8 the item's kind and, of a
    // vector, i32 rank and i32 dimensions. The first version had u8, i32 size (0 of a scalar), u8 kind.
    private static void SaveType(ModelSaveContext ctx, DataViewType type)
    {
        var vector = type as VectorDataViewType;
        ctx.Writer.Write(vector is not null);
        ctx.Writer.Write((byte)(type.GetItemType().RawType == typeof(float) ? DataKind.Single : DataKind.Double));
        if (vector is null)
            return;
        ctx.Writer.Write(vector.Dimensions.Length);
        foreach (int dimension in vector.Dimensions)
            ctx.Writer.Write(dimension);
    }

    private static DataViewType LoadType(IHost host, ModelLoadContext ctx)
    {
        bool isVector = ctx.Reader.ReadBoolean();
        bool hasDimensions = ctx.Header.ModelVerWritten >= VersionWithDimensions;
        int size = hasDimensions ? 0 : ctx.Reader.ReadInt32();
        var kind = (DataKind)ctx.Reader.ReadByte();
        host.CheckDecode(kind is DataKind.Single or DataKind.Double, $"A normalizer of items of kind {(byte)kind}");
        var itemType = ColumnTypeExtensions.PrimitiveTypeFromKind(kind);
        if (!isVector)
            return itemType;
        int[] dimensions = hasDimensions ? LoadDimensions(host, ctx) : [size];
        bool isSize = Array.TrueForAll(dimensions, dimension => dimension > 0) && dimensions.Aggregate(1.0, (product, dimension) => product * dimension) <= int.MaxValue;
        host.CheckDecode(isSize, $"A normalizer of a vector of dimensions {string.Join("×", dimensions)}");
        return new VectorDataViewType(itemType, dimensions);
    }

    private static int[] LoadDimensions(IHost host, ModelLoadContext ctx)
    {
        int rank = ctx.Reader.ReadInt32();
        host.CheckDecode(rank is > 0 and < 256, "A normalizer of a vector without dimensions");
        return Enumerable.Range(0, rank).Select(_ => ctx.Reader.ReadInt32()).ToArray();
    }

    private static NormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new NormalizingTransformer(env.Register(nameof(NormalizingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "NORMALZR",
        verWrittenCur: 0x00010002,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(NormalizingTransformer).Assembly.FullName);

    /// <summary>What was learned of the column pair of this number: an <see cref="AffineNormalizerModelParameters{TData}"/> or a <see cref="CdfNormalizerModelParameters{TData}"/>.</summary>
    public NormalizerModelParametersBase GetNormalizerModelParameters(int index)
    {
        Contracts.CheckUserArg(index >= 0 && index < _columns.Length, nameof(index),
            $"Not valid. Valid range is from 0 (inclusive) to {_columns.Length} (exclusive) but got {index}.");
        return _columns[index].Function.Parameters;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        for (int i = 0; i < _columns.Length; i++)
        {
            SaveType(ctx, _columns[i].Type);
            ctx.SaveSubModel(PartName(i), _columns[i].Function.Save);
        }
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        const string Expected = "scalar or known-size vector of R4";
        var source = inputSchema[srcCol];
        if (source.Type is VectorDataViewType { IsKnownSize: false })
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, Expected, "variable-size vector");
        if (!NormalizingEstimator.IsReal(source.Type.GetItemType()))
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, Expected, source.Type.ToString());
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    /// <summary>A column pair with the type that the column had, and keeps, and what was learned of it.</summary>
    internal sealed record ColumnInfo(string Name, string InputColumnName, DataViewType Type, ColumnFunction Function);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly NormalizingTransformer _parent;

        public Mapper(NormalizingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host, parent, inputSchema)
        {
            _parent = parent;
        }

        private DataViewSchema.Column Source(int i) => InputSchema[ColMapNewToOld[i]];

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => _parent._columns
            .Select((column, i) => new DataViewSchema.DetachedColumn(column.Name, column.Type, MakeAnnotations(Source(i))))
            .ToArray();

        private static DataViewSchema.Annotations MakeAnnotations(DataViewSchema.Column source)
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
            annotations.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
            return annotations.ToAnnotations();
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return _parent._columns[iinfo].Function.MakeGetter(input, Source(iinfo));
        }
    }
}
