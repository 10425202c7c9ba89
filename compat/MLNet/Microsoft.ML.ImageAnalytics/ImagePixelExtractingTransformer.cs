using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>What an <see cref="ImagePixelExtractingEstimator"/> gives.</summary>
public sealed class ImagePixelExtractingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImagePixelExtractor";
    private const string RegistrationName = "ImagePixelExtractor";

    // Models up to this version have no order of colours.
    private const uint BeforeOrderVersion = 0x00010002;

    internal readonly ImagePixelExtractingEstimator.ColumnOptions[] Columns;

    internal ImagePixelExtractingTransformer(IHostEnvironment env, params ImagePixelExtractingEstimator.ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(RegistrationName), columns.Select(column => (column.Name, column.InputColumnName)).ToArray())
    {
        Columns = columns;
    }

    private ImagePixelExtractingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
        Columns = ColumnPairs.Select(pair => Load(ctx, pair.Item1, pair.Item2)).ToArray();
    }

    private ImagePixelExtractingEstimator.ColumnOptions Load(ModelLoadContext ctx, string outputName, string inputName)
    {
        var colors = (ImagePixelExtractingEstimator.ColorBits)ctx.Reader.ReadByte();
        var order = ctx.Header.ModelVerWritten <= BeforeOrderVersion
            ? ImagePixelExtractingEstimator.ColorsOrder.ARGB
            : (ImagePixelExtractingEstimator.ColorsOrder)ctx.Reader.ReadByte();
        bool asFloat = ctx.Reader.ReadBoolean();
        float offset = ctx.Reader.ReadSingle(), scale = ctx.Reader.ReadSingle();
        bool interleave = ctx.Reader.ReadBoolean();
        Host.CheckDecode(colors != 0 && (colors & ImagePixelExtractingEstimator.ColorBits.All) == colors && Enum.IsDefined(order));
        Host.CheckDecode(float.IsFinite(offset) && float.IsFinite(scale) && scale != 0 && (asFloat || (offset == 0 && scale == 1)));
        return new ImagePixelExtractingEstimator.ColumnOptions(outputName, inputName, colors, order, interleave, offset, scale, asFloat);
    }

    private static ImagePixelExtractingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        IHost host = env.Register(RegistrationName);
        host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ImagePixelExtractingTransformer(host, ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        foreach (ImagePixelExtractingEstimator.ColumnOptions column in Columns)
        {
            ctx.Writer.Write((byte)column.ColorsToExtract);
            ctx.Writer.Write((byte)column.OrderOfExtraction);
            ctx.Writer.Write(column.OutputAsFloatArray);
            ctx.Writer.Write(column.OffsetImage);
            ctx.Writer.Write(column.ScaleImage);
            ctx.Writer.Write(column.InterleavePixelColors);
        }
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "IMGPXEXT",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010002,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ImagePixelExtractingTransformer).Assembly.FullName);

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        string name = Columns[col].InputColumnName;
        ImageDataViewType type = ImageColumns.RequireImage(Host, inputSchema, srcCol, name);
        if (type.Height <= 0 || type.Width <= 0)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", name, "known-size image", "unknown-size image");
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ImagePixelExtractingTransformer _parent;

        public Mapper(ImagePixelExtractingTransformer parent, DataViewSchema inputSchema) : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema) =>
            _parent = parent;

        private ImageDataViewType InputType(int column) => (ImageDataViewType)InputSchema[ColMapNewToOld[column]].Type;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            _parent.Columns.Select((column, i) => new DataViewSchema.DetachedColumn(column.Name, column.TypeFor(InputType(i)), null)).ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            // The last image is not disposed: it may be the caller's own, from memory. Others the source's getter takes back.
            disposer = null;
            ValueGetter<MLImage> getSource = input.GetGetter<MLImage>(input.Schema[ColMapNewToOld[iinfo]]);
            return _parent.Columns[iinfo].OutputAsFloatArray
                ? MakeGetter<float>(iinfo, getSource, FloatWriter(_parent.Columns[iinfo]))
                : MakeGetter<byte>(iinfo, getSource, ByteWriter(_parent.Columns[iinfo]));
        }

        private delegate void Writer<T>(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> offsets, Span<T> values);

        private static Writer<float> FloatWriter(ImagePixelExtractingEstimator.ColumnOptions column)
        {
            float offset = column.OffsetImage, scale = column.ScaleImage;
            return column.InterleavePixelColors
                ? (pixels, offsets, values) => PixelExtraction.Interleaved(pixels, offsets, offset, scale, values)
                : (pixels, offsets, values) => PixelExtraction.Planar(pixels, offsets, offset, scale, values);
        }

        private static Writer<byte> ByteWriter(ImagePixelExtractingEstimator.ColumnOptions column) =>
            column.InterleavePixelColors ? PixelExtraction.Interleaved : PixelExtraction.Planar;

        private ValueGetter<VBuffer<T>> MakeGetter<T>(int iinfo, ValueGetter<MLImage> getSource, Writer<T> write)
        {
            ImagePixelExtractingEstimator.ColumnOptions column = _parent.Columns[iinfo];
            ImageDataViewType type = InputType(iinfo);
            int size = type.Height * type.Width * column.Planes;
            int[] rgba = ColorPlanes.Offsets(column.ColorsToExtract, column.OrderOfExtraction, MLPixelFormat.Rgba32);
            int[] bgra = ColorPlanes.Offsets(column.ColorsToExtract, column.OrderOfExtraction, MLPixelFormat.Bgra32);
            MLImage source = null;
            return (ref VBuffer<T> destination) =>
            {
                getSource(ref source);
                if (source == null)
                {
                    destination = VBufferEditor.Create(ref destination, size, 0).Commit();
                    return;
                }
                if (source.Height != type.Height || source.Width != type.Width)
                    throw _parent.Host.Except(
                        $"Column '{column.InputColumnName}' is of type {type}, but the image{Of(source)} has the size <{source.Height}, {source.Width}>");
                VBufferEditor<T> editor = VBufferEditor.Create(ref destination, size);
                write(source.Pixels, source.PixelFormat == MLPixelFormat.Bgra32 ? bgra : rgba, editor.Values);
                destination = editor.Commit();
            };
        }

        private static string Of(MLImage image) => image.Tag == null ? "" : $" '{image.Tag}'";
    }
}
