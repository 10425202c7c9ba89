using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>What an <see cref="ImageGrayscalingEstimator"/> gives.</summary>
public sealed class ImageGrayscalingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageGrayscaleTransform";
    private const string RegistrationName = "ImageGrayscale";

    internal ImageGrayscalingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(RegistrationName), columns)
    {
    }

    private ImageGrayscalingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
    }

    internal (string outputColumnName, string inputColumnName)[] Columns => ColumnPairs;

    private static ImageGrayscalingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        IHost host = env.Register(RegistrationName);
        host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ImageGrayscalingTransformer(host, ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "IMGGRAYT",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ImageGrayscalingTransformer).Assembly.FullName);

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol) =>
        ImageColumns.RequireImage(Host, inputSchema, srcCol, Columns[col].inputColumnName);

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static MLImage ToGray(MLImage source)
    {
        MLImage gray = source.Clone();
        Span<byte> pixels = gray.Buffer;
        int red = source.PixelFormat == MLPixelFormat.Bgra32 ? 2 : 0;
        for (int i = 0; i < pixels.Length; i += 4)
        {
            float brightness = 0.3f * pixels[i + red] + 0.59f * pixels[i + 1] + 0.11f * pixels[i + 2 - red];
            pixels[i] = pixels[i + 1] = pixels[i + 2] = (byte)(brightness + 0.5f);
        }
        return gray;
    }

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ImageGrayscalingTransformer _parent;

        public Mapper(ImageGrayscalingTransformer parent, DataViewSchema inputSchema) : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema) =>
            _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            _parent.Columns.Select((column, i) => new DataViewSchema.DetachedColumn(column.outputColumnName, InputSchema[ColMapNewToOld[i]].Type, null)).ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            // The last source is not disposed: it may be the caller's own, from memory.
            disposer = null;
            ValueGetter<MLImage> getSource = input.GetGetter<MLImage>(input.Schema[ColMapNewToOld[iinfo]]);
            MLImage source = null;
            ValueGetter<MLImage> getter = (ref MLImage destination) =>
            {
                destination?.Dispose();
                destination = null;
                getSource(ref source);
                if (source != null) destination = ToGray(source);
            };
            return getter;
        }
    }
}
