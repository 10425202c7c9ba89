using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A data view that adds a mapper's columns to another data view: lazily, and on as many cursors as are asked for.</summary>
internal sealed class RowToRowMapperTransform : IDataView, IRowToRowMapper
{
    public const string RegistrationName = "RowToRowMapperTransform";

    private readonly IHost _host;
    private readonly BoundRowMapper _mapper;
    private readonly Func<DataViewSchema, IRowMapper> _mapperFactory;

    public RowToRowMapperTransform(IHostEnvironment env, IDataView input, IRowMapper mapper, Func<DataViewSchema, IRowMapper> mapperFactory)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(RegistrationName);
        _host.CheckValue(input, nameof(input));
        _host.CheckValue(mapper, nameof(mapper));
        Source = input;
        _mapperFactory = mapperFactory;
        _mapper = new BoundRowMapper(mapper, input.Schema);
    }

    public IDataView Source { get; }

    public bool CanShuffle => Source.CanShuffle;

    public DataViewSchema InputSchema => _mapper.InputSchema;

    public DataViewSchema OutputSchema => _mapper.OutputSchema;

    DataViewSchema IDataView.Schema => OutputSchema;

    public static DataViewSchema GetOutputSchema(DataViewSchema inputSchema, IRowMapper mapper)
        => new BoundRowMapper(mapper, inputSchema).OutputSchema;

    /// <summary>The same mapping over another data view.</summary>
    internal RowToRowMapperTransform ApplyToData(IHostEnvironment env, IDataView newSource)
        => new(env, newSource, _mapperFactory(newSource.Schema), _mapperFactory);

    internal ITransformer GetTransformer() => _mapper.Mapper.GetTransformer();

    public long? GetRowCount() => Source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        _host.CheckValue(columnsNeeded, nameof(columnsNeeded));
        var columns = columnsNeeded.ToArray();
        var random = CanShuffle ? rand : null;
        if (_mapper.AnyAddedActive(columns)
            && DataViewUtils.TryCreateConsolidatingCursor(out var cursor, this, columns, _host, random))
        {
            return cursor;
        }
        return Map(Source.GetRowCursor(_mapper.GetDependencies(columns), random), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        _host.CheckValue(columnsNeeded, nameof(columnsNeeded));
        var columns = columnsNeeded.ToArray();
        var inputs = Source.GetRowCursorSet(_mapper.GetDependencies(columns), n, CanShuffle ? rand : null);
        if (inputs.Length == 1 && n > 1 && _mapper.AnyAddedActive(columns))
            inputs = DataViewUtils.CreateSplitCursors(_host, inputs[0], n);
        return Array.ConvertAll(inputs, input => (DataViewRowCursor)Map(input, columns));
    }

    private MappedCursor Map(DataViewRowCursor input, DataViewSchema.Column[] columns) => new(input, _mapper.Map(input, columns));

    IEnumerable<DataViewSchema.Column> IRowToRowMapper.GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => _mapper.GetDependencies(dependingColumns);

    DataViewRow IRowToRowMapper.GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        => _mapper.GetRow(input, activeColumns);
}
