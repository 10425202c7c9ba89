using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>What an <see cref="ImageResizingEstimator"/> gives.</summary>
public sealed class ImageResizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageScalerTransform";
    private const string RegistrationName = "ImageScaler";

    internal readonly ImageResizingEstimator.ColumnOptions[] Columns;

    internal ImageResizingTransformer(IHostEnvironment env, params ImageResizingEstimator.ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(RegistrationName), columns.Select(column => (column.Name, column.InputColumnName)).ToArray())
    {
        Columns = columns;
    }

    private ImageResizingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
        Columns = ColumnPairs.Select(pair => Load(ctx, pair.Item1, pair.Item2)).ToArray();
    }

    private ImageResizingEstimator.ColumnOptions Load(ModelLoadContext ctx, string outputName, string inputName)
    {
        int width = ctx.Reader.ReadInt32(), height = ctx.Reader.ReadInt32();
        var resizing = (ImageResizingEstimator.ResizingKind)ctx.Reader.ReadByte();
        var anchor = (ImageResizingEstimator.Anchor)ctx.Reader.ReadByte();
        Host.CheckDecode(width > 0 && height > 0 && Enum.IsDefined(resizing) && Enum.IsDefined(anchor));
        return new ImageResizingEstimator.ColumnOptions(outputName, width, height, inputName, resizing, anchor);
    }

    private static ImageResizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        IHost host = env.Register(RegistrationName);
        host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ImageResizingTransformer(host, ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        foreach (ImageResizingEstimator.ColumnOptions column in Columns)
        {
            ctx.Writer.Write(column.ImageWidth);
            ctx.Writer.Write(column.ImageHeight);
            ctx.Writer.Write((byte)column.Resizing);
            ctx.Writer.Write((byte)column.Anchor);
        }
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "IMGSCALF",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ImageResizingTransformer).Assembly.FullName);

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol) =>
        ImageColumns.RequireImage(Host, inputSchema, srcCol, Columns[col].InputColumnName);

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ImageResizingTransformer _parent;

        public Mapper(ImageResizingTransformer parent, DataViewSchema inputSchema) : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema) =>
            _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            _parent.Columns.Select(column => new DataViewSchema.DetachedColumn(column.Name, column.Type, null)).ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            // The last source is not disposed: it may be the caller's own, from memory. Others the source's getter takes back.
            disposer = null;
            ImageResizingEstimator.ColumnOptions column = _parent.Columns[iinfo];
            ValueGetter<MLImage> getSource = input.GetGetter<MLImage>(input.Schema[ColMapNewToOld[iinfo]]);
            MLImage source = null;
            ValueGetter<MLImage> getter = (ref MLImage destination) =>
            {
                destination?.Dispose();
                destination = null;
                getSource(ref source);
                if (source == null) return;
                destination = ImageGeometry.Resize(source, column.ImageWidth, column.ImageHeight, column.Resizing, column.Anchor);
                destination.Tag = source.Tag;
            };
            return getter;
        }
    }
}
