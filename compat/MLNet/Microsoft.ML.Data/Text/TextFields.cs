using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Cuts a line into fields. One object serves one cursor: it keeps the fields of the last line.</summary>
internal sealed class TextFields
{
    private readonly TextLoader.Options _options;
    private readonly bool _spaceSeparates;
    private readonly List<ReadOnlyMemory<char>> _values = [];
    private readonly List<int> _indices = [];

    public TextFields(TextLoader.Options options)
    {
        _options = options;
        _spaceSeparates = options.Separators.Contains(' ');
    }

    /// <summary>Fields of the line, empty ones and those that a sparse ending stands for included.</summary>
    public int Count { get; private set; }

    /// <summary>What is wrong with the line's form, or null.</summary>
    public string Fault { get; private set; }

    /// <summary>The present field, unquoted; empty where the line has none.</summary>
    public ReadOnlyMemory<char> this[int index]
    {
        get
        {
            int found = _indices.BinarySearch(index);
            return found < 0 ? default : _values[found];
        }
    }

    /// <summary>The stored fields of a range, by their places, as places in a list for <see cref="Stored"/>.</summary>
    public (int First, int Limit) StoredIn(int min, int limit) => (LowerBound(min), LowerBound(limit));

    public (int Index, ReadOnlyMemory<char> Value) Stored(int place) => (_indices[place], _values[place]);

    /// <summary>Cuts a line; empty fields are not stored.</summary>
    public void Split(string line)
    {
        _values.Clear();
        _indices.Clear();
        Fault = null;
        Count = 0;
        int sparseBase = -1;
        int position = 0;
        do
        {
            var value = Next(line, ref position, out bool quoted);
            if (_options.AllowSparse && !quoted && TryPair(value.Span, out int index, out int colon))
                AddSparse(index, value[(colon + 1)..], ref sparseBase);
            else if (sparseBase >= 0)
                Fault = "Non-sparse formatted value follows sparse formatted value";
            else
                Add(Count++, value);
        }
        while (position <= line.Length);
    }

    /// <summary>Does the line stop within a field in quotation marks?</summary>
    public bool EndsInsideQuotes(string line)
    {
        Fault = null;
        int position = 0;
        do
        {
            Next(line, ref position, out _);
            if (Fault == UnclosedQuote)
                return true;
        }
        while (position <= line.Length);
        return false;
    }

    private const string UnclosedQuote = "Illegal quoting: the closing quotation mark is missing";

    private int LowerBound(int index)
    {
        int found = _indices.BinarySearch(index);
        return found < 0 ? ~found : found;
    }

    private void Add(int index, ReadOnlyMemory<char> value)
    {
        if (value.IsEmpty)
            return;
        _indices.Add(index);
        _values.Add(value);
    }

    // The field before the first pair is the number of fields that the pairs stand for, unless the options tell the size of a line.
    private void AddSparse(int index, ReadOnlyMemory<char> value, ref int sparseBase)
    {
        if (sparseBase < 0)
        {
            if (_options.InputSize is int size)
            {
                sparseBase = 0;
                Count = size;
            }
            else if (_values.Count > 0 && _indices[^1] == Count - 1
                && int.TryParse(_values[^1].Span, NumberStyles.None, CultureInfo.InvariantCulture, out int length))
            {
                _values.RemoveAt(_values.Count - 1);
                _indices.RemoveAt(_indices.Count - 1);
                sparseBase = Count - 1;
                Count = sparseBase + length;
            }
            else
            {
                Fault = "Missing dimensionality or ambiguous sparse item. Use sparse=- for non-sparse file, and/or quote the value.";
                return;
            }
        }
        int place = sparseBase + index;
        if (place >= Count)
            Fault = $"Sparse item index {index} is larger than expected";
        else if (_indices.Count > 0 && _indices[^1] >= place)
            Fault = "Sparse indices out of order";
        else
            Add(place, value);
    }

    private static bool TryPair(ReadOnlySpan<char> value, out int index, out int colon)
    {
        index = 0;
        colon = value.IndexOf(':');
        return colon > 0 && int.TryParse(value[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    /// <summary>The field at a position, which moves behind the separator; past the end of the line after the last field.</summary>
    private ReadOnlyMemory<char> Next(string line, ref int position, out bool quoted)
    {
        if (!_spaceSeparates)
        {
            while (position < line.Length && line[position] == ' ' && !IsSeparator(' '))
                position++;
        }
        quoted = _options.AllowQuoting && position < line.Length && line[position] == '"';
        if (quoted)
            return NextQuoted(line, ref position);
        int start = position;
        while (position < line.Length && !IsSeparator(line[position]))
            position++;
        return line.AsMemory(start, position++ - start);
    }

    private ReadOnlyMemory<char> NextQuoted(string line, ref int position)
    {
        var text = new StringBuilder();
        bool closed = false;
        for (position++; position < line.Length && !closed; position++)
        {
            char c = line[position];
            bool quoteFollows = position + 1 < line.Length && line[position + 1] == '"';
            if (c == _options.EscapeChar && quoteFollows)
                text.Append(line[++position]);
            else if (c == '"')
                closed = true;
            else
                text.Append(c);
        }
        if (!closed)
            Fault = UnclosedQuote;
        int behind = position;
        while (position < line.Length && !IsSeparator(line[position]))
            position++;
        if (!string.IsNullOrWhiteSpace(line[behind..position]))
            Fault = "Illegal quoting";
        position++;
        return text.ToString().AsMemory();
    }

    private bool IsSeparator(char c)
    {
        foreach (char separator in _options.Separators)
        {
            if (c == separator)
                return true;
        }
        return false;
    }
}
