using System;
using System.IO;
using System.Linq;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Data;

/// <summary>What an <see cref="ImageLoadingEstimator"/> gives.</summary>
public sealed class ImageLoadingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageLoaderTransform";

    /// <summary>The folder that paths are relative to, as given; null: paths are taken as they are.</summary>
    public readonly string ImageFolder;

    /// <summary>Whether the output is images; else the files' bytes.</summary>
    internal readonly bool UseImageType;

    internal ImageLoadingTransformer(IHostEnvironment env, string imageFolder, bool useImageType, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ImageLoadingTransformer)), columns)
    {
        ImageFolder = imageFolder;
        UseImageType = useImageType;
    }

    private ImageLoadingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
        ImageFolder = ctx.LoadStringOrNull();
        UseImageType = ctx.Reader.ReadBoolean();
    }

    internal (string outputColumnName, string inputColumnName)[] Columns => ColumnPairs;

    private static ImageLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        IHost host = env.Register(nameof(ImageLoadingTransformer));
        host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ImageLoadingTransformer(host, ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        ctx.SaveStringOrNull(ImageFolder);
        ctx.Writer.Write(UseImageType);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "IMGLOADR",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ImageLoadingTransformer).Assembly.FullName);

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        if (inputSchema[srcCol].Type is not TextDataViewType)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", Columns[col].inputColumnName,
                TextDataViewType.Instance.ToString(), inputSchema[srcCol].Type.ToString());
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ImageLoadingTransformer _parent;
        private readonly DataViewType _type;

        public Mapper(ImageLoadingTransformer parent, DataViewSchema inputSchema) : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
        {
            _parent = parent;
            _type = parent.UseImageType ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte);
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            _parent.Columns.Select(column => new DataViewSchema.DetachedColumn(column.outputColumnName, _type, null)).ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            ValueGetter<ReadOnlyMemory<char>> getPath = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[ColMapNewToOld[iinfo]]);
            return _parent.UseImageType ? ImageGetter(getPath) : BytesGetter(getPath);
        }

        private Delegate ImageGetter(ValueGetter<ReadOnlyMemory<char>> getPath)
        {
            ReadOnlyMemory<char> path = default;
            ValueGetter<MLImage> getter = (ref MLImage destination) =>
            {
                destination?.Dispose();
                destination = null;
                getPath(ref path);
                if (path.Length > 0) destination = ImageErrors.NamingFile(FullPath(path), LoadImage);
            };
            return getter;
        }

        private Delegate BytesGetter(ValueGetter<ReadOnlyMemory<char>> getPath)
        {
            ReadOnlyMemory<char> path = default;
            ValueGetter<VBuffer<byte>> getter = (ref VBuffer<byte> destination) =>
            {
                getPath(ref path);
                VBuffer<byte> bytes = destination;
                destination = path.Length == 0
                    ? VBufferEditor.Create(ref bytes, 0).Commit()
                    : ImageErrors.NamingFile(FullPath(path), file => LoadBytes(file, ref bytes));
            };
            return getter;
        }

        private string FullPath(ReadOnlyMemory<char> path) =>
            string.IsNullOrWhiteSpace(_parent.ImageFolder) ? path.ToString() : Path.Combine(_parent.ImageFolder, path.ToString());

        private static MLImage LoadImage(string path)
        {
            using RentedBytes bytes = RentedBytes.ReadFile(path);
            MLImage image = NativeImages.Decode(bytes.Span, out string fault) ?? throw ImageErrors.BadContents(fault, path);
            image.Tag = path;
            return image;
        }

        private static VBuffer<byte> LoadBytes(string path, ref VBuffer<byte> buffer)
        {
            using SafeFileHandle handle = RentedBytes.Open(path, out int length);
            VBufferEditor<byte> editor = VBufferEditor.Create(ref buffer, length);
            int count = RentedBytes.Fill(handle, editor.Values);
            return count == length ? editor.Commit() : throw new EndOfStreamException($"The file '{path}' became shorter while it was read.");
        }
    }
}
