using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Row mappers applied one after another.</summary>
internal sealed class CompositeRowToRowMapper : IRowToRowMapper
{
    private readonly IRowToRowMapper[] _mappers;

    public CompositeRowToRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers)
    {
        InputSchema = inputSchema;
        OutputSchema = mappers.Length > 0 ? mappers[^1].OutputSchema : inputSchema;
        _mappers = mappers;
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var columns = dependingColumns;
        for (int i = _mappers.Length - 1; i >= 0; i--)
            columns = _mappers[i].GetDependencies(columns);
        return columns;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(input.Schema == InputSchema, nameof(input), "Schema of input row must be the same as the schema the mapper is bound to");
        if (_mappers.Length == 0)
            return input;

        var needed = new IEnumerable<DataViewSchema.Column>[_mappers.Length];
        needed[^1] = activeColumns.ToArray();
        for (int i = needed.Length - 1; i > 0; i--)
            needed[i - 1] = _mappers[i].GetDependencies(needed[i]).ToArray();

        var row = input;
        for (int i = 0; i < _mappers.Length; i++)
            row = _mappers[i].GetRow(row, needed[i]);
        return row;
    }
}
