using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel), "Select Columns Transform", ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>What <see cref="ColumnSelectingEstimator"/> gives.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private readonly IHost _host;
    private readonly string[] _names;

    internal ColumnSelectingTransformer(IHostEnvironment env, string[] keepColumns, string[] dropColumns, bool keepHidden, bool ignoreMissing)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnSelectingTransformer));
        Keeps = keepColumns is not null;
        _names = keepColumns ?? dropColumns;
        _host.CheckNonEmpty(_names, Keeps ? nameof(keepColumns) : nameof(dropColumns));
        foreach (string name in _names)
            _host.CheckNonEmpty(name, Keeps ? nameof(keepColumns) : nameof(dropColumns));
        KeepsHidden = keepHidden;
        IgnoreMissing = ignoreMissing;
    }

    private ColumnSelectingTransformer(IHost host, ModelLoadContext ctx)
    {
        _host = host;
        Keeps = ctx.Reader.ReadByte() != 0;
        KeepsHidden = ctx.Reader.ReadByte() != 0;
        IgnoreMissing = ctx.Reader.ReadByte() != 0;
        int count = ctx.ReadCount(leastBytes: sizeof(int));
        _names = new string[count];
        for (int i = 0; i < count; i++)
            _names[i] = ctx.LoadNonEmptyString();
    }

    /// <summary>Whether the names are kept; else they are dropped.</summary>
    internal bool Keeps { get; }

    internal bool KeepsHidden { get; }

    internal bool IgnoreMissing { get; }

    internal IReadOnlyList<string> ColumnNames => _names;

    bool ITransformer.IsRowToRowMapper => true;

    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ColumnSelectingTransformer(env.Register(nameof(ColumnSelectingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "SELCOLST",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ColumnSelectingTransformer).Assembly.FullName);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        _host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write((byte)(Keeps ? 1 : 0));
        ctx.Writer.Write((byte)(KeepsHidden ? 1 : 0));
        ctx.Writer.Write((byte)(IgnoreMissing ? 1 : 0));
        ctx.Writer.Write(_names.Length);
        foreach (string name in _names)
            ctx.SaveNonEmptyString(name);
    }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return Bind(inputSchema).OutputSchema;
    }

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new SelectedColumnsDataView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return Bind(inputSchema);
    }

    private ColumnSelection Bind(DataViewSchema inputSchema)
    {
        if (!IgnoreMissing)
        {
            foreach (string name in _names)
            {
                if (inputSchema.GetColumnOrNull(name) is null)
                    throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
            }
        }

        var selected = Keeps
            ? _names.Distinct().SelectMany(name => inputSchema.Where(column => column.Name == name && (KeepsHidden || !column.IsHidden)))
            : inputSchema.Where(column => !_names.Contains(column.Name));
        return new ColumnSelection(inputSchema, selected.Select(column => column.Index).ToArray());
    }
}
