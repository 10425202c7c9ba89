namespace Microsoft.ML.Data;

/// <summary>A class as a source of rows: its columns, its schema and what makes its getters.</summary>
internal sealed class RowType<TRow> where TRow : class
{
    private readonly Func<RowHolder<TRow>, Delegate>[] _readers;

    public RowType(SchemaDefinition definition)
    {
        var checkedDefinition = InternalSchemaDefinition.Create(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = checkedDefinition.ToSchema();
        _readers = [.. checkedDefinition.Columns.Select(MemberReader<TRow>.Create)];
    }

    public DataViewSchema Schema { get; }

    /// <summary>The getters of the active columns, null for the others.</summary>
    public Delegate[] CreateGetters(RowHolder<TRow> holder, bool[] active)
    {
        var getters = new Delegate[_readers.Length];
        for (int i = 0; i < getters.Length; i++)
        {
            if (active[i])
                getters[i] = _readers[i](holder);
        }
        return getters;
    }
}
