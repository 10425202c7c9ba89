using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToVectorMappingTransformer), null, typeof(SignatureLoadModel), "KeyToVectorTransform", KeyToVectorMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>What <see cref="KeyToVectorMappingEstimator"/> gives.</summary>
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToVectorTransform";

    private const uint VersionWithFloatSize = 0x00010001;

    private readonly bool[] _bags;

    internal KeyToVectorMappingTransformer(IHostEnvironment env, params KeyToVectorMappingEstimator.ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToVectorMappingTransformer)),
            Array.ConvertAll(columns, column => (column.Name, column.InputColumnName)))
    {
        _bags = Array.ConvertAll(columns, column => column.OutputCountVector);
    }

    // The payload, taken from public sources: the columns, then a byte for each, 1 where vectors are summed.
    private KeyToVectorMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _bags = new bool[ColumnPairs.Length];
        for (int i = 0; i < _bags.Length; i++)
            _bags[i] = ctx.Reader.ReadByte() != 0;
    }

    internal IEnumerable<KeyToVectorMappingEstimator.ColumnOptions> Columns
        => ColumnPairs.Select((pair, i) => new KeyToVectorMappingEstimator.ColumnOptions(pair.outputColumnName, pair.inputColumnName, _bags[i]));

    private static KeyToVectorMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        if (ctx.Header.ModelVerWritten == VersionWithFloatSize)
            env.CheckDecode(ctx.Reader.ReadInt32() == sizeof(float), "Floats of another size are not read");
        return new KeyToVectorMappingTransformer(env.Register(nameof(KeyToVectorMappingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "KEY2VECT",
        verWrittenCur: 0x00010002,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(KeyToVectorMappingTransformer).Assembly.FullName);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        foreach (bool bag in _bags)
            ctx.Writer.Write((byte)(bag ? 1 : 0));
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol) => Host.CheckIsKey(inputSchema[srcCol]);

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly KeyToVectorMappingTransformer _parent;

        public Mapper(KeyToVectorMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host, parent, inputSchema)
        {
            _parent = parent;
        }

        private DataViewSchema.Column Source(int i) => InputSchema[ColMapNewToOld[i]];

        private int KeyCount(int i) => Source(i).Type.GetItemType().GetKeyCountAsInt32(Host);

        /// <summary>Whether the slots are the keys: a scalar's, a sum's, or those of a vector of one key.</summary>
        private bool IsOneIndicator(int i) => _parent._bags[i] || Source(i).Type.GetValueCount() == 1;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Enumerable.Range(0, _parent.ColumnPairs.Length).Select(MakeColumn).ToArray();

        private DataViewSchema.DetachedColumn MakeColumn(int i)
        {
            var type = IsOneIndicator(i)
                ? new VectorDataViewType(NumberDataViewType.Single, KeyCount(i))
                : new VectorDataViewType(NumberDataViewType.Single, Source(i).Type.GetValueCount(), KeyCount(i));
            return new DataViewSchema.DetachedColumn(_parent.ColumnPairs[i].outputColumnName, type, MakeAnnotations(i, type));
        }

        private DataViewSchema.Annotations MakeAnnotations(int i, VectorDataViewType type)
        {
            var source = Source(i);
            int values = source.Type.GetValueCount();
            var annotations = new DataViewSchema.Annotations.Builder();
            if (KeyIndicators.HasKeyTexts(source) && type.IsKnownSize)
                annotations.AddSlotNames(type, () => IsOneIndicator(i) ? KeyIndicators.KeyTexts(source) : KeyIndicators.Combine(source, KeyIndicators.KeyTexts(source)));
            if (!_parent._bags[i] && values > 0)
                annotations.Add(AnnotationUtils.Kinds.CategoricalSlotRanges, AnnotationUtils.GetCategoricalType(values), MakeRangesGetter(values, KeyCount(i)));
            if (!_parent._bags[i] || values == 1)
                annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
            return annotations.ToAnnotations();
        }

        /// <summary>First and last slot of each value's indicator vector.</summary>
        private static ValueGetter<VBuffer<int>> MakeRangesGetter(int values, int keys) => (ref VBuffer<int> ranges) =>
        {
            var editor = VBufferEditor.Create(ref ranges, 2 * values);
            for (int i = 0; i < values; i++)
                (editor.Values[2 * i], editor.Values[2 * i + 1]) = (i * keys, (i + 1) * keys - 1);
            ranges = editor.Commit();
        };

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var getter = KeyIndicators.MakeKeyGetter(input, Source(iinfo));
            int keys = KeyCount(iinfo);
            if (getter is ValueGetter<uint> scalar)
                return MakeScalarGetter(scalar, keys);
            var vector = (ValueGetter<VBuffer<uint>>)getter;
            return _parent._bags[iinfo] ? MakeSumGetter(vector, keys) : MakeVectorGetter(vector, keys);
        }

        private static ValueGetter<VBuffer<float>> MakeScalarGetter(ValueGetter<uint> source, int keys)
        {
            uint key = 0;
            return (ref VBuffer<float> indicator) =>
            {
                source(ref key);
                bool isKey = key != 0 && key <= (uint)keys;
                var editor = VBufferEditor.Create(ref indicator, keys, isKey ? 1 : 0, requireIndicesOnDense: true);
                if (isKey)
                {
                    editor.Values[0] = 1;
                    editor.Indices[0] = (int)key - 1;
                }
                indicator = editor.Commit();
            };
        }

        private static ValueGetter<VBuffer<float>> MakeSumGetter(ValueGetter<VBuffer<uint>> source, int keys)
        {
            VBuffer<uint> values = default;
            uint[] sorted = [];
            return (ref VBuffer<float> sum) =>
            {
                source(ref values);
                var stored = values.GetValues();
                if (sorted.Length < stored.Length)
                    sorted = new uint[stored.Length];
                stored.CopyTo(sorted);
                Array.Sort(sorted, 0, stored.Length);
                Count(sorted.AsSpan(0, stored.Length), keys, ref sum);
            };
        }

        /// <summary>Equal keys stand together, so that the slots come out in rising order.</summary>
        private static void Count(ReadOnlySpan<uint> sorted, int keys, ref VBuffer<float> sum)
        {
            var editor = VBufferEditor.Create(ref sum, keys, Math.Min(keys, sorted.Length), requireIndicesOnDense: true);
            int count = 0;
            foreach (uint key in sorted)
            {
                if (key == 0 || key > (uint)keys)
                    continue;
                if (count == 0 || editor.Indices[count - 1] != (int)key - 1)
                    (editor.Indices[count], editor.Values[count++]) = ((int)key - 1, 0);
                editor.Values[count - 1]++;
            }
            sum = editor.CommitTruncated(count);
        }

        private static ValueGetter<VBuffer<float>> MakeVectorGetter(ValueGetter<VBuffer<uint>> source, int keys)
        {
            VBuffer<uint> values = default;
            return (ref VBuffer<float> indicators) =>
            {
                source(ref values);
                var stored = values.GetValues();
                var indices = values.GetIndices();
                var editor = VBufferEditor.Create(ref indicators, checked(keys * values.Length), stored.Length, requireIndicesOnDense: true);
                int count = 0;
                for (int i = 0; i < stored.Length; i++)
                {
                    if (stored[i] == 0 || stored[i] > (uint)keys)
                        continue;
                    editor.Values[count] = 1;
                    editor.Indices[count++] = (values.IsDense ? i : indices[i]) * keys + (int)stored[i] - 1;
                }
                indicators = editor.CommitTruncated(count);
            };
        }
    }
}
