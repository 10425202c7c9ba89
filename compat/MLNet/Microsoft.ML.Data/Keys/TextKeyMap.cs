using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Keys of texts. The empty text is missing.</summary>
internal sealed class TextKeyMap : KeyMap<ReadOnlyMemory<char>>
{
    private readonly Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> _keys;

    public TextKeyMap(ReadOnlyMemory<char>[] values)
        : base(TextDataViewType.Instance, values)
    {
        var keys = new Dictionary<string, uint>(values.Length, StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
            keys.Add(values[i].ToString(), (uint)i + 1);
        _keys = keys.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public override IEnumerable<string> Texts => Values.Select(value => value.ToString());

    protected override uint Find(ReadOnlyMemory<char> value) => _keys.TryGetValue(value.Span, out uint key) ? key : 0;
}
