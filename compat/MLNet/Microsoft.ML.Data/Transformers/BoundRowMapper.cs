using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row mapper with its schemas: what a row-to-row transformer is for one input schema.</summary>
internal sealed class BoundRowMapper : IRowToRowMapper
{
    private readonly IRowMapper _mapper;
    private readonly ColumnBindings _bindings;

    public BoundRowMapper(IRowMapper mapper, DataViewSchema inputSchema)
    {
        _mapper = mapper;
        _bindings = new ColumnBindings(inputSchema, mapper.GetOutputColumns());
    }

    public DataViewSchema InputSchema => _bindings.InputSchema;

    public DataViewSchema OutputSchema => _bindings.OutputSchema;

    public IRowMapper Mapper => _mapper;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var (inputs, added) = _bindings.Split(dependingColumns);
        var needed = _mapper.GetDependencies(column => added[column]);
        return InputSchema.Where(column => inputs[column.Index] || needed(column.Index));
    }

    public bool AnyAddedActive(IEnumerable<DataViewSchema.Column> columns) => _bindings.Split(columns).Added.Contains(true);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(input.Schema == InputSchema, nameof(input), "Schema of input row must be the same as the schema the mapper is bound to");
        return new MappedRow(input, Map(input, activeColumns));
    }

    public MappedGetters Map(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = new bool[OutputSchema.Count];
        var added = new bool[_bindings.AddedCount];
        foreach (var column in activeColumns)
        {
            active[column.Index] = true;
            int index = _bindings.MapColumnIndex(out bool isSource, column.Index);
            if (!isSource)
                added[index] = true;
        }
        var getters = _mapper.CreateGetters(input, column => added[column], out var disposer);
        return new MappedGetters(_bindings, input, active, getters, disposer);
    }
}
