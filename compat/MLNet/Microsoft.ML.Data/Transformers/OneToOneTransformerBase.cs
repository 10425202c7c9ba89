using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Base class for transformers whose output columns each have one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    internal readonly (string outputColumnName, string inputColumnName)[] ColumnPairs;

    private protected OneToOneTransformerBase(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host)
    {
        host.CheckNonEmpty(columns, nameof(columns));
        var names = new HashSet<string>();
        foreach (var (outputColumnName, inputColumnName) in columns)
        {
            host.CheckNonEmpty(inputColumnName, nameof(inputColumnName));
            host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
            if (!names.Add(outputColumnName))
                throw host.ExceptParam(nameof(columns), $"Output column '{outputColumnName}' specified multiple times");
        }
        ColumnPairs = columns;
    }

    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        int count = ctx.ReadCount(leastBytes: 2 * sizeof(int), least: 1);
        ColumnPairs = new (string, string)[count];
        for (int i = 0; i < count; i++)
        {
            string output = ctx.LoadNonEmptyString();
            ColumnPairs[i] = (output, ctx.LoadNonEmptyString());
        }
    }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (output, input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }
    }

    private int FindInput(DataViewSchema inputSchema, int col)
    {
        var column = inputSchema.GetColumnOrNull(ColumnPairs[col].inputColumnName)
            ?? throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", ColumnPairs[col].inputColumnName);
        CheckInputColumn(inputSchema, col, column.Index);
        return column.Index;
    }

    private protected virtual void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
    }

    private protected abstract class OneToOneMapperBase : MapperBase
    {
        protected readonly Dictionary<int, int> ColMapNewToOld;
        private readonly OneToOneTransformerBase _parent;

        protected OneToOneMapperBase(IHost host, OneToOneTransformerBase parent, DataViewSchema inputSchema)
            : base(host, inputSchema, parent)
        {
            _parent = parent;
            ColMapNewToOld = [];
            for (int i = 0; i < parent.ColumnPairs.Length; i++)
                ColMapNewToOld.Add(i, parent.FindInput(inputSchema, i));
        }

        private protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            var active = new bool[InputSchema.Count];
            foreach (var (output, input) in ColMapNewToOld)
                active[input] |= activeOutput(output);
            return column => active[column];
        }

        private protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);
    }
}
