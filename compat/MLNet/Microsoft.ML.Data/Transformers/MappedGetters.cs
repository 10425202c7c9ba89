using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What a mapped row and a mapped cursor share: getters of the input's columns and of the added ones.</summary>
internal sealed class MappedGetters
{
    private readonly ColumnBindings _bindings;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly Delegate[] _added;
    private Action _disposer;

    public MappedGetters(ColumnBindings bindings, DataViewRow input, bool[] active, Delegate[] added, Action disposer)
    {
        _bindings = bindings;
        _input = input;
        _active = active;
        _added = added;
        _disposer = disposer;
    }

    public DataViewSchema Schema => _bindings.OutputSchema;

    public bool IsColumnActive(DataViewSchema.Column column)
    {
        Contracts.CheckParam(column.Index < _active.Length, nameof(column), "Column index out of range");
        return _active[column.Index];
    }

    public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Contracts.CheckParam(IsColumnActive(column), nameof(column), $"Column '{column.Name}' is not active in the cursor");
        int index = _bindings.MapColumnIndex(out bool isSource, column.Index);
        if (isSource)
            return _input.GetGetter<TValue>(_bindings.InputSchema[index]);
        return _added[index] as ValueGetter<TValue>
            ?? throw Contracts.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{_added[index].GetType().GetGenericArguments()[0]}'.");
    }

    public void Dispose()
    {
        var disposer = _disposer;
        _disposer = null;
        disposer?.Invoke();
    }
}
