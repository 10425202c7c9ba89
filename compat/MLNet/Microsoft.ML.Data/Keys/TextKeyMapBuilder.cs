using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Collects texts; the empty text is missing.</summary>
internal sealed class TextKeyMapBuilder(int maximum) : KeyMapBuilder<ReadOnlyMemory<char>>
{
    private readonly List<string> _values = [];
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _seen
        = new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    protected override void Add(ReadOnlyMemory<char> value)
    {
        if (value.IsEmpty || _values.Count >= maximum || _seen.Contains(value.Span))
            return;
        string text = value.ToString();
        _seen.Set.Add(text);
        _values.Add(text);
    }

    public override KeyMap Build(bool byValue)
    {
        var values = _values.ToArray();
        if (byValue)
            Array.Sort(values, StringComparer.Ordinal);
        return KeyMap.Create(TextDataViewType.Instance, Array.ConvertAll(values, value => value.AsMemory()));
    }
}
