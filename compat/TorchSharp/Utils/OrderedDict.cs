using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that keeps the order in which its keys came; the order is that of a network's parts.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)>
{
    private readonly Dictionary<TKey, TValue> _values = [];
    private readonly List<TKey> _order = [];

    public OrderedDict()
    {
    }

    public int Count => _order.Count;

    public bool IsReadOnly => false;

    public ICollection<TKey> Keys => _order.ToList();

    public ICollection<TValue> Values => values().ToList();

    public IEnumerable<TKey> keys() => _order;

    public IEnumerable<TValue> values() => _order.Select(key => _values[key]);

    public IEnumerator<(TKey, TValue)> items() => GetEnumerator();

    public TValue this[TKey key]
    {
        get => _values[key];
        set
        {
            if (!_values.ContainsKey(key)) _order.Add(key);
            _values[key] = value;
        }
    }

    public (TKey, TValue) this[int index]
    {
        get => (_order[index], _values[_order[index]]);
        set
        {
            _values.Remove(_order[index]);
            _values.Add(value.Item1, value.Item2);
            _order[index] = value.Item1;
        }
    }

    public void Add(TKey key, TValue value)
    {
        _values.Add(key, value);
        _order.Add(key);
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public void Insert(int index, (TKey, TValue) item)
    {
        _values.Add(item.Item1, item.Item2);
        _order.Insert(index, item.Item1);
    }

    public bool Remove(TKey key)
    {
        if (!_values.Remove(key)) return false;
        _order.Remove(key);
        return true;
    }

    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<TKey, TValue> item) => Contains(item) && Remove(item.Key);

    public void RemoveAt(int index) => Remove(_order[index]);

    public void Clear()
    {
        _values.Clear();
        _order.Clear();
    }

    public void clear() => Clear();

    public bool ContainsKey(TKey key) => _values.ContainsKey(key);

    public bool Contains((TKey, TValue) item) => Contains(new KeyValuePair<TKey, TValue>(item.Item1, item.Item2));

    public bool Contains(KeyValuePair<TKey, TValue> item) => ((ICollection<KeyValuePair<TKey, TValue>>)_values).Contains(item);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    public int IndexOf((TKey, TValue) item) => Contains(item) ? _order.IndexOf(item.Item1) : -1;

    public void CopyTo((TKey, TValue)[] array, int arrayIndex)
    {
        foreach (var key in _order) array[arrayIndex++] = (key, _values[key]);
    }

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var key in _order) array[arrayIndex++] = new(key, _values[key]);
    }

    public IEnumerator<(TKey, TValue)> GetEnumerator()
    {
        foreach (var key in _order) yield return (key, _values[key]);
    }

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator()
    {
        foreach (var key in _order) yield return new(key, _values[key]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool TryAdd(TKey key, TValue value)
    {
        if (!_values.TryAdd(key, value)) return false;
        _order.Add(key);
        return true;
    }

    internal List<(TKey, TValue)> ToTupleList() => _order.Select(key => (key, _values[key])).ToList();
}
