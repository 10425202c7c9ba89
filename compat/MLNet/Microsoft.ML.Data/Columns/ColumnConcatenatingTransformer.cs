using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel), "Concat Transform",
    ColumnConcatenatingTransformer.LoaderSignature, ColumnConcatenatingTransformer.LoaderSignatureAlternative)]

namespace Microsoft.ML.Data;

/// <summary>What <see cref="Transforms.ColumnConcatenatingEstimator"/> gives.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";
    internal const string LoaderSignatureAlternative = "ConcatFunction";

    private readonly Output[] _outputs;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnConcatenatingTransformer)))
    {
        _outputs = [new Output(outputColumnName, Array.ConvertAll(inputColumnNames, name => (name, (string)null)))];
    }

    private ColumnConcatenatingTransformer(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        int outputs = ctx.ReadCount(leastBytes: 4 * sizeof(int), least: 1);
        _outputs = new Output[outputs];
        for (int i = 0; i < outputs; i++)
        {
            string name = ctx.LoadNonEmptyString();
            int inputs = ctx.ReadCount(leastBytes: 2 * sizeof(int), least: 1);
            var sources = new (string, string)[inputs];
            for (int j = 0; j < inputs; j++)
                sources[j] = (ctx.LoadNonEmptyString(), ctx.LoadStringOrNull());
            _outputs[i] = new Output(name, sources);
        }
    }

    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ColumnConcatenatingTransformer(env.Register(nameof(ColumnConcatenatingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "CONCAT F",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderSignatureAlt: LoaderSignatureAlternative,
        loaderAssemblyName: typeof(ColumnConcatenatingTransformer).Assembly.FullName);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(_outputs.Length);
        foreach (var output in _outputs)
        {
            ctx.SaveNonEmptyString(output.Name);
            ctx.Writer.Write(output.Sources.Length);
            foreach (var (name, alias) in output.Sources)
            {
                ctx.SaveNonEmptyString(name);
                ctx.SaveStringOrNull(alias);
            }
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    /// <summary>An output column; a source's alias, if it has one, stands for its name in slot names.</summary>
    internal sealed record Output(string Name, (string Name, string Alias)[] Sources);

    private sealed class Mapper : MapperBase
    {
        private readonly ColumnConcatenatingTransformer _parent;
        private readonly BoundConcatenation[] _columns;

        public Mapper(ColumnConcatenatingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host, inputSchema, parent)
        {
            _parent = parent;
            _columns = Array.ConvertAll(parent._outputs, output => new BoundConcatenation(Host, output, inputSchema));
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => Array.ConvertAll(_columns, column => column.MakeColumn());

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return _columns[iinfo].MakeGetter(input);
        }

        private protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            var active = new bool[InputSchema.Count];
            for (int i = 0; i < _columns.Length; i++)
            {
                if (!activeOutput(i))
                    continue;
                foreach (var source in _columns[i].Sources)
                    active[source.Index] = true;
            }
            return column => active[column];
        }

        private protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);
    }
}
