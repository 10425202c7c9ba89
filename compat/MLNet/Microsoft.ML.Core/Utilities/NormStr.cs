namespace Microsoft.ML.Internal.Utilities;

/// <summary>A string with a number, unique in its pool.</summary>
internal sealed class NormStr
{
    public readonly string Value;
    public readonly int Id;

    private NormStr(string value, int id)
    {
        Value = value;
        Id = id;
    }

    public override string ToString() => Value;

    /// <summary>Numbers strings in the order of their first use. Exact, so case matters.</summary>
    public sealed class Pool
    {
        private readonly Dictionary<string, NormStr> _byValue = new(StringComparer.Ordinal);
        private readonly List<NormStr> _byId = [];

        public int Count => _byId.Count;

        public NormStr Add(string str)
        {
            if (_byValue.TryGetValue(str, out NormStr known))
                return known;
            var added = new NormStr(str, _byId.Count);
            _byValue.Add(str, added);
            _byId.Add(added);
            return added;
        }

        public NormStr GetNormStrById(int id) => _byId[id];
    }
}
