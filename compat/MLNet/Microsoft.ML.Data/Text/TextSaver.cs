using System.Globalization;
using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Writes rows as lines of text that a loader reads back.</summary>
internal sealed class TextSaver(IHostEnvironment env, char separator, bool headerRow, bool schema, bool forceDense)
{
    public void Save(IDataView data, Stream stream, bool keepHidden)
    {
        DataViewSchema.Column[] columns = [.. data.Schema.Where(column => keepHidden || !column.IsHidden).Where(CanSave)];
        if (columns.Length == 0)
            throw env.Except("No valid columns to save");
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        if (schema)
            writer.Write(TextSchemaComment.Write(headerRow, separator, columns.Select(Describe)));
        if (headerRow)
            writer.WriteLine(string.Join(separator, columns.SelectMany(HeaderFields)));
        using var cursor = data.GetRowCursor(columns);
        Action<List<string>, List<(int, string)>>[] writers = [.. columns.Select(column => FieldWriter(cursor, column))];
        while (cursor.MoveNext())
            writer.WriteLine(Line(writers));
    }

    private bool CanSave(DataViewSchema.Column column)
    {
        if (column.Type.GetItemType() is PrimitiveDataViewType type && TextKinds.NameOf(type) is not null)
            return true;
        using var channel = env.Start(nameof(TextSaver));
        channel.Warning(MessageSensitivity.Schema, "Column '{0}' of type {1} can not be saved as text and is left out.", column.Name, column.Type);
        return false;
    }

    private static (string, PrimitiveDataViewType, int, bool) Describe(DataViewSchema.Column column)
        => (column.Name, (PrimitiveDataViewType)column.Type.GetItemType(), column.Type is VectorDataViewType vector ? vector.Size : 1, column.Type is VectorDataViewType);

    private IEnumerable<string> HeaderFields(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector)
            return [Quoted(column.Name)];
        if (!column.HasSlotNames())
            return Enumerable.Range(0, vector.Size).Select(i => i == 0 ? Quoted(column.Name) : "\"\"");
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names.DenseValues().Select(name => Quoted(name.ToString())).ToArray();
    }

    // Fields of 0 are left out where the line gets shorter by it: the number of fields from there on, then the others with their indices.
    private string Line(Action<List<string>, List<(int, string)>>[] writers)
    {
        var dense = new List<string>();
        var stored = new List<(int Index, string Text)>();
        foreach (var write in writers)
            write(dense, stored);
        // A pair takes about two fields; quotation marks are not understood within a pair.
        bool sparse = !forceDense && 2 * stored.Count + 2 < dense.Count && !stored.Exists(item => item.Text[0] == '"');
        if (!sparse)
            return string.Join(separator, dense);
        return string.Join(separator, stored.Select(item => $"{item.Index}:{item.Text}").Prepend(dense.Count.ToString(CultureInfo.InvariantCulture)));
    }

    private Action<List<string>, List<(int, string)>> FieldWriter(DataViewRowCursor cursor, DataViewSchema.Column column)
        => column.Type is VectorDataViewType vector
            ? Utils.MarshalInvoke(VectorWriter<int>, vector.ItemType.RawType, cursor, column)
            : Utils.MarshalInvoke(ScalarWriter<int>, column.Type.RawType, cursor, column);

    private Action<List<string>, List<(int, string)>> ScalarWriter<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var getter = cursor.GetGetter<T>(column);
        var format = Formatter<T>((PrimitiveDataViewType)column.Type);
        T value = default;
        return (dense, stored) =>
        {
            getter(ref value);
            Add(dense, stored, value, format);
        };
    }

    private Action<List<string>, List<(int, string)>> VectorWriter<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var getter = cursor.GetGetter<VBuffer<T>>(column);
        var format = Formatter<T>((PrimitiveDataViewType)column.Type.GetItemType());
        VBuffer<T> vector = default;
        return (dense, stored) =>
        {
            getter(ref vector);
            foreach (T value in vector.DenseValues())
                Add(dense, stored, value, format);
        };
    }

    private static void Add<T>(List<string> dense, List<(int, string)> stored, T value, Func<T, string> format)
    {
        string text = format(value);
        // An empty text reads back as empty from nothing at all.
        if (!EqualityComparer<T>.Default.Equals(value, default) && text != "\"\"")
            stored.Add((dense.Count, text));
        dense.Add(text);
    }

    private Func<T, string> Formatter<T>(PrimitiveDataViewType type)
    {
        if (type is KeyDataViewType)
            return value => Convert.ToUInt64(value, CultureInfo.InvariantCulture) is var raw and > 0 ? (raw - 1).ToString(CultureInfo.InvariantCulture) : "";
        if (type is TextDataViewType)
            return value => Quoted(((ReadOnlyMemory<char>)(object)value).ToString());
        if (type is BooleanDataViewType)
            return value => (bool)(object)value ? "1" : "0";
        if (typeof(T) == typeof(float))
            return value => Real((float)(object)value);
        if (typeof(T) == typeof(double))
            return value => Real((double)(object)value);
        if (type is NumberDataViewType)
            return value => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);
        string format = type is TimeSpanDataViewType ? "c" : "o";
        return value => $"\"{((IFormattable)value).ToString(format, CultureInfo.InvariantCulture)}\"";
    }

    private static string Real<T>(T value) where T : struct, System.Numerics.INumber<T>
        => T.IsNaN(value) ? "?"
            : T.IsPositiveInfinity(value) ? "∞"
            : T.IsNegativeInfinity(value) ? "-∞"
            : value.ToString("R", CultureInfo.InvariantCulture);

    private string Quoted(string text)
    {
        bool plain = text.Length > 0 && !text.Contains(separator) && text.IndexOfAny(['"', '\n', '\r', ':']) < 0 && text[0] != ' ' && text[^1] != ' ';
        return plain ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
