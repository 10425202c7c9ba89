using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Keys of numbers and other values that are no text. A missing value is no key of the dictionary.</summary>
internal sealed class PrimitiveKeyMap<T> : KeyMap<T>
{
    private readonly Dictionary<T, uint> _keys;

    public PrimitiveKeyMap(PrimitiveDataViewType itemType, T[] values)
        : base(itemType, values)
    {
        _keys = new Dictionary<T, uint>(values.Length);
        for (int i = 0; i < values.Length; i++)
            _keys.Add(values[i], (uint)i + 1);
    }

    protected override uint Find(T value) => _keys.TryGetValue(value, out uint key) ? key : 0;
}
