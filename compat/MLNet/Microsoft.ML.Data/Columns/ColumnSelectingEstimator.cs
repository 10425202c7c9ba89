using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps the named columns, in the order of the names, or drops them.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal const bool DefaultKeepHidden = false;
    internal const bool DefaultIgnoreMissing = false;

    private ColumnSelectingEstimator(IHostEnvironment env, string[] keepColumns, string[] dropColumns, bool keepHidden, bool ignoreMissing)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnSelectingEstimator)),
            new ColumnSelectingTransformer(env, keepColumns, dropColumns, keepHidden, ignoreMissing))
    {
    }

    internal static ColumnSelectingEstimator KeepColumns(IHostEnvironment env, string[] columnNames,
        bool keepHidden = DefaultKeepHidden, bool ignoreMissing = DefaultIgnoreMissing)
        => new(env, columnNames, null, keepHidden, ignoreMissing);

    internal static ColumnSelectingEstimator DropColumns(IHostEnvironment env, string[] columnNames, bool ignoreMissing = DefaultIgnoreMissing)
        => new(env, null, columnNames, DefaultKeepHidden, ignoreMissing);

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        if (!Transformer.IgnoreMissing)
        {
            foreach (string name in Transformer.ColumnNames)
            {
                if (!inputSchema.TryFindColumn(name, out _))
                    throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
            }
        }

        if (!Transformer.Keeps)
            return new SchemaShape(inputSchema.Where(column => !Transformer.ColumnNames.Contains(column.Name)));
        return new SchemaShape(Transformer.ColumnNames.Distinct().SelectMany(name => inputSchema.Where(column => column.Name == name)));
    }
}
