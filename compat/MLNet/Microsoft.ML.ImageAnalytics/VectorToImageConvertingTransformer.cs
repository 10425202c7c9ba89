using System;
using System.Linq;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ColorBits = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits;
using ColorsOrder = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorsOrder;

namespace Microsoft.ML.Transforms.Image;

/// <summary>What a <see cref="VectorToImageConvertingEstimator"/> gives.</summary>
public sealed class VectorToImageConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "VectorToImageConverter";
    private const string RegistrationName = "VectorToImageConverter";

    // Files say that version 2 suffices to read them, as ML.NET's do, but those of version 2 lack half of the options.
    private const uint OldestWritten = 0x00010003;

    internal readonly VectorToImageConvertingEstimator.ColumnOptions[] Columns;

    internal VectorToImageConvertingTransformer(IHostEnvironment env, params VectorToImageConvertingEstimator.ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(RegistrationName), columns.Select(column => (column.Name, column.InputColumnName)).ToArray())
    {
        Columns = columns;
    }

    private VectorToImageConvertingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
        Columns = ColumnPairs.Select(pair => Load(ctx, pair.Item1, pair.Item2)).ToArray();
    }

    internal static bool IsSupported(DataViewType itemType) =>
        itemType.Equals(NumberDataViewType.Single) || itemType.Equals(NumberDataViewType.Double) || itemType.Equals(NumberDataViewType.Byte);

    private VectorToImageConvertingEstimator.ColumnOptions Load(ModelLoadContext ctx, string outputName, string inputName)
    {
        var colors = (ColorBits)ctx.Reader.ReadByte();
        var order = (ColorsOrder)ctx.Reader.ReadByte();
        int width = ctx.Reader.ReadInt32(), height = ctx.Reader.ReadInt32();
        float offset = ctx.Reader.ReadSingle(), scale = ctx.Reader.ReadSingle();
        bool interleaved = ctx.Reader.ReadBoolean();
        var defaults = new VectorToImageConvertingEstimator.DefaultColors(
            ctx.Reader.ReadInt32(), ctx.Reader.ReadInt32(), ctx.Reader.ReadInt32(), ctx.Reader.ReadInt32());
        Host.CheckDecode(colors != 0 && (colors & ColorBits.All) == colors && Enum.IsDefined(order) && width > 0 && height > 0);
        Host.CheckDecode(float.IsFinite(offset) && float.IsFinite(scale) && scale != 0);
        return new VectorToImageConvertingEstimator.ColumnOptions(outputName, height, width, inputName, colors, order, interleaved, scale, offset, defaults);
    }

    private static VectorToImageConvertingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        IHost host = env.Register(RegistrationName);
        host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        host.CheckDecode(ctx.Header.ModelVerWritten >= OldestWritten, "The model is too old: it has no order of colours");
        return new VectorToImageConvertingTransformer(host, ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        foreach (VectorToImageConvertingEstimator.ColumnOptions column in Columns)
        {
            ctx.Writer.Write((byte)column.Colors);
            ctx.Writer.Write((byte)column.Order);
            ctx.Writer.Write(column.ImageWidth);
            ctx.Writer.Write(column.ImageHeight);
            ctx.Writer.Write(column.OffsetImage);
            ctx.Writer.Write(column.ScaleImage);
            ctx.Writer.Write(column.InterleavedColors);
            ctx.Writer.Write(column.Defaults.Alpha);
            ctx.Writer.Write(column.Defaults.Red);
            ctx.Writer.Write(column.Defaults.Green);
            ctx.Writer.Write(column.Defaults.Blue);
        }
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "VECTOIMG",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010002,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(VectorToImageConvertingTransformer).Assembly.FullName);

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        VectorToImageConvertingEstimator.ColumnOptions column = Columns[col];
        DataViewType type = inputSchema[srcCol].Type;
        if (type is not VectorDataViewType vector || !IsSupported(vector.ItemType))
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.InputColumnName,
                "known-size vector of type Single, Double or Byte", type.ToString());
        if (vector.Size != column.ImageHeight * column.ImageWidth * column.Planes)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.InputColumnName,
                new VectorDataViewType(vector.ItemType, column.ImageHeight, column.ImageWidth, column.Planes).ToString(), type.ToString());
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly VectorToImageConvertingTransformer _parent;

        public Mapper(VectorToImageConvertingTransformer parent, DataViewSchema inputSchema) : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema) =>
            _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            _parent.Columns.Select(column => new DataViewSchema.DetachedColumn(column.Name, column.Type, null)).ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            DataViewType itemType = ((VectorDataViewType)InputSchema[ColMapNewToOld[iinfo]].Type).ItemType;
            if (itemType.Equals(NumberDataViewType.Byte)) return MakeGetter<byte>(input, iinfo, isScaled: false);
            VectorToImageConvertingEstimator.ColumnOptions column = _parent.Columns[iinfo];
            bool isScaled = column.OffsetImage != 0 || column.ScaleImage != 1;
            return itemType.Equals(NumberDataViewType.Single) ? MakeGetter<float>(input, iinfo, isScaled) : MakeGetter<double>(input, iinfo, isScaled);
        }

        private ValueGetter<MLImage> MakeGetter<T>(DataViewRow input, int iinfo, bool isScaled) where T : unmanaged, INumber<T>
        {
            VectorToImageConvertingEstimator.ColumnOptions column = _parent.Columns[iinfo];
            ValueGetter<VBuffer<T>> getSource = input.GetGetter<VBuffer<T>>(input.Schema[ColMapNewToOld[iinfo]]);
            VBuffer<T> source = default, dense = default;
            return (ref MLImage destination) =>
            {
                destination?.Dispose();
                destination = null;
                getSource(ref source);
                if (source.GetValues().Length == 0) return;
                source.CopyToDense(ref dense);
                destination = MLImage.Rent(column.ImageWidth, column.ImageHeight, MLPixelFormat.Bgra32);
                Fill(destination.Buffer, column, isScaled);
                Write(dense.GetValues(), column, isScaled, destination.Buffer);
                destination.Tag = nameof(VectorToImageConvertingTransformer);
            };
        }

        // The colours that the vector lacks. Where values are scaled, a missing alpha becomes 0 and the others are scaled too: as ML.NET does.
        private static void Fill(Span<byte> pixels, VectorToImageConvertingEstimator.ColumnOptions column, bool isScaled)
        {
            byte Default(int value) => ToByte(value, column, isScaled);
            byte blue = Default(column.Defaults.Blue), green = Default(column.Defaults.Green), red = Default(column.Defaults.Red);
            byte alpha = isScaled ? (byte)0 : Default(column.Defaults.Alpha);
            for (int i = 0; i < pixels.Length; i += 4)
                (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) = (blue, green, red, alpha);
        }

        private static void Write<T>(ReadOnlySpan<T> values, VectorToImageConvertingEstimator.ColumnOptions column, bool isScaled, Span<byte> pixels)
            where T : INumber<T>
        {
            int[] offsets = ColorPlanes.Offsets(column.Colors, column.Order, MLPixelFormat.Bgra32);
            int count = pixels.Length / 4;
            for (int plane = 0; plane < offsets.Length; plane++)
            {
                (int first, int step) = column.InterleavedColors ? (plane, offsets.Length) : (plane * count, 1);
                for (int i = 0; i < count; i++)
                    pixels[4 * i + offsets[plane]] = ToByte(float.CreateSaturating(values[first + i * step]), column, isScaled);
            }
        }

        private static byte ToByte(float value, VectorToImageConvertingEstimator.ColumnOptions column, bool isScaled) =>
            (byte)(isScaled ? Math.Round(value * column.ScaleImage - column.OffsetImage) : value);
    }
}
