namespace Microsoft.ML.Data;

/// <summary>
/// Where each column of an output schema comes from: an input column, or one that a mapper adds. An added column that reuses
/// a name stands right after the column that it hides; a new name goes to the end.
/// </summary>
internal sealed class ColumnBindings
{
    private readonly int[] _sources;

    public ColumnBindings(DataViewSchema input, DataViewSchema.DetachedColumn[] added)
    {
        InputSchema = input;
        var sources = Enumerable.Range(0, input.Count).ToList();
        string NameOf(int source) => source >= 0 ? input[source].Name : added[~source].Name;
        for (int i = 0; i < added.Length; i++)
        {
            int hidden = sources.FindLastIndex(source => NameOf(source) == added[i].Name);
            sources.Insert(hidden < 0 ? sources.Count : hidden + 1, ~i);
        }

        _sources = sources.ToArray();
        var builder = new DataViewSchema.Builder();
        foreach (int source in _sources)
        {
            var column = source >= 0 ? new DataViewSchema.DetachedColumn(input[source]) : added[~source];
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }
        OutputSchema = builder.ToSchema();
        AddedCount = added.Length;
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public int AddedCount { get; }

    /// <summary>The index among the input columns or among the added ones.</summary>
    public int MapColumnIndex(out bool isSource, int column)
    {
        int source = _sources[column];
        isSource = source >= 0;
        return isSource ? source : ~source;
    }

    /// <summary>Splits output columns into the active input columns and the active added columns.</summary>
    public (bool[] Inputs, bool[] Added) Split(IEnumerable<DataViewSchema.Column> columns)
    {
        var inputs = new bool[InputSchema.Count];
        var added = new bool[AddedCount];
        foreach (var column in columns)
        {
            int index = MapColumnIndex(out bool isSource, column.Index);
            (isSource ? inputs : added)[index] = true;
        }
        return (inputs, added);
    }
}
