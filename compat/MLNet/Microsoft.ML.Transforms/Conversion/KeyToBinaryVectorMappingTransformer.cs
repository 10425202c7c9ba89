using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToBinaryVectorMappingTransformer), null, typeof(SignatureLoadModel), "KeyToBinaryVectorTransform", KeyToBinaryVectorMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>What <see cref="KeyToBinaryVectorMappingEstimator"/> gives.</summary>
public sealed class KeyToBinaryVectorMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToBinaryTransform";

    internal KeyToBinaryVectorMappingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToBinaryVectorMappingTransformer)), columns)
    {
    }

    private KeyToBinaryVectorMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static KeyToBinaryVectorMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new KeyToBinaryVectorMappingTransformer(env.Register(nameof(KeyToBinaryVectorMappingTransformer)), ctx);
    }

    // Signature and versions as in public sources; the payload is the columns alone.
    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "KEY2BINR",
        verWrittenCur: 0x00000001,
        verReadableCur: 0x00000001,
        verWeCanReadBack: 0x00000001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(KeyToBinaryVectorMappingTransformer).Assembly.FullName);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol) => Host.CheckIsKey(inputSchema[srcCol]);

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly KeyToBinaryVectorMappingTransformer _parent;

        public Mapper(KeyToBinaryVectorMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host, parent, inputSchema)
        {
            _parent = parent;
        }

        private DataViewSchema.Column Source(int i) => InputSchema[ColMapNewToOld[i]];

        /// <summary>The bits of the key count and one more, so that no key has all bits set: the missing key has.</summary>
        private int Bits(int i) => BitOperations.Log2((uint)Source(i).Type.GetItemType().GetKeyCountAsInt32(Host)) + 2;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Enumerable.Range(0, _parent.ColumnPairs.Length).Select(MakeColumn).ToArray();

        private DataViewSchema.DetachedColumn MakeColumn(int i)
        {
            int values = Source(i).Type.GetValueCount();
            var type = values == 1 ? new VectorDataViewType(NumberDataViewType.Single, Bits(i)) : new VectorDataViewType(NumberDataViewType.Single, values, Bits(i));
            var annotations = new DataViewSchema.Annotations.Builder();
            if (KeyIndicators.HasKeyTexts(Source(i)) && type.IsKnownSize)
                annotations.AddSlotNames(type, () => values == 1 ? BitNames(i) : KeyIndicators.Combine(Source(i), BitNames(i)));
            if (values == 1)
                annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
            return new DataViewSchema.DetachedColumn(_parent.ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations());
        }

        private ReadOnlyMemory<char>[] BitNames(int i)
            => Enumerable.Range(0, Bits(i)).Select(bit => $"Bit{Bits(i) - bit - 1}".AsMemory()).ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var getter = KeyIndicators.MakeKeyGetter(input, Source(iinfo));
            int bits = Bits(iinfo);
            return getter is ValueGetter<uint> scalar ? MakeScalarGetter(scalar, bits) : MakeVectorGetter((ValueGetter<VBuffer<uint>>)getter, bits);
        }

        private static ValueGetter<VBuffer<float>> MakeScalarGetter(ValueGetter<uint> source, int bits)
        {
            uint key = 0;
            return (ref VBuffer<float> encoded) =>
            {
                source(ref key);
                var editor = VBufferEditor.Create(ref encoded, bits);
                Encode(key, editor.Values);
                encoded = editor.Commit();
            };
        }

        private static ValueGetter<VBuffer<float>> MakeVectorGetter(ValueGetter<VBuffer<uint>> source, int bits)
        {
            VBuffer<uint> keys = default;
            return (ref VBuffer<float> encoded) =>
            {
                source(ref keys);
                var stored = keys.GetValues();
                var indices = keys.GetIndices();
                var editor = VBufferEditor.Create(ref encoded, checked(keys.Length * bits));
                // What is not stored is a missing key.
                editor.Values.Fill(1);
                for (int i = 0; i < stored.Length; i++)
                    Encode(stored[i], editor.Values.Slice((keys.IsDense ? i : indices[i]) * bits, bits));
                encoded = editor.Commit();
            };
        }

        /// <summary>The 0-based key, high bits first. The missing key's is -1, all bits set.</summary>
        private static void Encode(uint key, Span<float> bits)
        {
            uint index = unchecked(key - 1);
            for (int i = 0; i < bits.Length; i++)
                bits[i] = (index >> (bits.Length - 1 - i)) & 1;
        }
    }
}
