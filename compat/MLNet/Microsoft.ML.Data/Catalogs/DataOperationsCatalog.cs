using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Makes data views, and takes them apart.</summary>
public sealed partial class DataOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal DataOperationsCatalog(IHostEnvironment env)
    {
        Contracts.CheckValue(env, nameof(env));
        _env = env;
    }

    IHostEnvironment IInternalCatalog.Environment => _env;

    /// <summary>The objects as rows. They are read at each pass, so they have to stay as they are.</summary>
    /// <param name="schemaDefinition">Which member is which column; from the class where null.</param>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null) where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        return new EnumerableDataView<TRow>(data, schemaDefinition);
    }

    /// <summary>The objects as rows, with the column types and annotations of <paramref name="schema"/>.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema) where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckValue(schema, nameof(schema));
        return new EnumerableDataView<TRow>(data, InternalSchemaDefinition.FromSchema(typeof(TRow), schema));
    }

    /// <summary>The rows as objects.</summary>
    /// <param name="reuseRowObject">Give out the same object at each row, filled anew.</param>
    /// <param name="ignoreMissingColumns">Leave members without a column alone, instead of refusing.</param>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false,
        SchemaDefinition schemaDefinition = null) where TRow : class, new()
    {
        _env.CheckValue(data, nameof(data));
        var rows = new TypedRows<TRow>(data.Schema, ignoreMissingColumns, schemaDefinition);
        return Enumerate(data, rows, reuseRowObject);
    }

    private static IEnumerable<TRow> Enumerate<TRow>(IDataView data, TypedRows<TRow> rows, bool reuseRowObject) where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(rows.Sources);
        var fill = rows.CreateFiller(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            if (!reuseRowObject || row is null)
                row = new TRow();
            fill(row);
            yield return row;
        }
    }
}
