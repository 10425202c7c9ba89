using System.Collections;
using Microsoft.ML.Internal.DataView;

namespace Microsoft.ML;

/// <summary>
/// The columns of a data view, in order. Names may repeat: the last column of a name is the one found by it,
/// the earlier ones are hidden and reached by index only.
/// </summary>
public sealed partial class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _byName;

    private DataViewSchema(Column[] columns)
    {
        _columns = columns;
        _byName = columns.Where(c => !c.IsHidden).ToDictionary(c => c.Name, c => c.Index);
    }

    public int Count => _columns.Length;

    public Column this[string name]
    {
        get
        {
            Contracts.CheckNonEmpty(name, nameof(name));
            return _byName.TryGetValue(name, out int index)
                ? _columns[index]
                : throw Contracts.ExceptParam(nameof(name), $"Column '{name}' not found");
        }
    }

    public Column this[int columnIndex]
    {
        get
        {
            Contracts.CheckParam(columnIndex >= 0 && columnIndex < _columns.Length, nameof(columnIndex));
            return _columns[columnIndex];
        }
    }

    public Column? GetColumnOrNull(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return _byName.TryGetValue(name, out int index) ? _columns[index] : null;
    }

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{Count} columns";

    private static DataViewSchema Create(List<DetachedColumn> columns)
    {
        var last = new Dictionary<string, int>();
        for (int i = 0; i < columns.Count; i++)
            last[columns[i].Name] = i;
        return new DataViewSchema(columns
            .Select((c, i) => new Column(c.Name, i, last[c.Name] != i, c.Type, c.Annotations)).ToArray());
    }
}
