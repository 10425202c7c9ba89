using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Collects values that are no text. NaN and the missing key are missing; other types have no missing value.</summary>
internal sealed class PrimitiveKeyMapBuilder<T>(PrimitiveDataViewType itemType, int maximum) : KeyMapBuilder<T>
{
    private readonly List<T> _values = [];
    private readonly HashSet<T> _seen = [];
    private readonly Func<T, bool> _isMissing = MissingOf(itemType);

    private static Func<T, bool> MissingOf(PrimitiveDataViewType itemType)
    {
        if (itemType is KeyDataViewType)
            return value => EqualityComparer<T>.Default.Equals(value, default);
        if (typeof(T) == typeof(float))
            return (Func<T, bool>)(object)(Func<float, bool>)float.IsNaN;
        if (typeof(T) == typeof(double))
            return (Func<T, bool>)(object)(Func<double, bool>)double.IsNaN;
        return _ => false;
    }

    protected override void Add(T value)
    {
        if (_values.Count < maximum && !_isMissing(value) && _seen.Add(value))
            _values.Add(value);
    }

    public override KeyMap Build(bool byValue)
    {
        var values = _values.ToArray();
        if (byValue)
            Array.Sort(values);
        return KeyMap.Create(itemType, values);
    }
}
