using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Transforms;

/// <summary>A user's function bound to one input schema.</summary>
internal sealed class CustomRowMapper<TSrc, TDst> : IRowMapper
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly CustomMappingTransformer<TSrc, TDst> _parent;
    private readonly TypedRows<TSrc> _source;
    private readonly RowType<TDst> _destination;
    private readonly HashSet<int> _sourceColumns;
    private readonly Action<TSrc, TDst> _map;

    public CustomRowMapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema inputSchema, SchemaDefinition input,
        SchemaDefinition output, Action<TSrc, TDst> map)
    {
        _parent = parent;
        _source = new TypedRows<TSrc>(inputSchema, false, input);
        _destination = new RowType<TDst>(output);
        _sourceColumns = _source.Sources.Select(column => column.Index).ToHashSet();
        _map = map;
    }

    public ITransformer GetTransformer() => _parent;

    public DataViewSchema.DetachedColumn[] GetOutputColumns()
        => _destination.Schema.Select(column => new DataViewSchema.DetachedColumn(column)).ToArray();

    public Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
    {
        bool any = Enumerable.Range(0, _destination.Schema.Count).Any(activeOutput);
        return column => any && _sourceColumns.Contains(column);
    }

    public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
    {
        disposer = null;
        var active = Enumerable.Range(0, _destination.Schema.Count).Select(activeOutput).ToArray();
        if (!active.Contains(true))
            return new Delegate[active.Length];

        var holder = new RowHolder<TDst> { Row = new TDst() };
        var refresh = CreateRefresh(input, holder.Row);
        var getters = _destination.CreateGetters(holder, active);
        for (int i = 0; i < getters.Length; i++)
        {
            if (active[i])
                getters[i] = Utils.MarshalInvoke(Refreshed<int>, _destination.Schema[i].Type.RawType, getters[i], refresh);
        }
        return getters;
    }

    /// <summary>Calls the function once a row, however many of its columns are read.</summary>
    private Action CreateRefresh(DataViewRow input, TDst destination)
    {
        var source = new TSrc();
        var fill = _source.CreateFiller(input);
        long position = -1;
        return () =>
        {
            if (position == input.Position)
                return;
            fill(source);
            _map(source, destination);
            position = input.Position;
        };
    }

    private static Delegate Refreshed<T>(Delegate getter, Action refresh)
    {
        var typed = (ValueGetter<T>)getter;
        return (ValueGetter<T>)((ref T value) =>
        {
            refresh();
            typed(ref value);
        });
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => _parent.SaveModel(ctx);
}
