using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns of a text loader with their fields counted out, and the schema that comes of them.</summary>
internal sealed class TextBindings
{
    private const int LinesToSample = 1000;

    public TextBindings(IHost host, TextLoader.Options options, IMultiStreamSource sample)
    {
        int size = options.InputSize ?? (options.Columns.Any(NeedsSize) ? SampleSize(host, options, sample) : 0);
        var taken = options.Columns.SelectMany(column => column.Source ?? []).Where(range => !range.AllOther)
            .Select(range => (range.Min, Limit: (range.Max ?? (range.AutoEnd || range.VariableEnd ? int.MaxValue - 1 : range.Min)) + 1)).ToArray();
        Columns = [.. options.Columns.Select(column => Bind(host, column, size, taken))];
        Schema = CreateSchema(options, TextLines.Header(sample, options));
    }

    public Bound[] Columns { get; }

    public DataViewSchema Schema { get; }

    /// <summary>One column: its type and its fields, as ranges [Min, Limit); the limit of an open end is int.MaxValue.</summary>
    public sealed record Bound(string Name, DataViewType Type, (int Min, int Limit)[] Segments)
    {
        public bool IsVariable => Segments[^1].Limit == int.MaxValue;
    }

    private static bool NeedsSize(TextLoader.Column column) => column.Source?.Any(range => range.AutoEnd || range.AllOther) ?? false;

    private static int SampleSize(IHost host, TextLoader.Options options, IMultiStreamSource sample)
    {
        if (sample is not { Count: > 0 })
            throw host.Except("Can't determine the number of source columns without valid data");
        var fields = new TextFields(options);
        int size = 0;
        foreach (var line in TextLines.Data(sample, options).Take(LinesToSample))
        {
            fields.Split(line.Text);
            size = Math.Max(size, fields.Count);
        }
        return size > 0 ? size : throw host.Except("Can't determine the number of source columns without valid data");
    }

    private static Bound Bind(IHost host, TextLoader.Column column, int size, (int Min, int Limit)[] taken)
    {
        host.CheckNonWhiteSpace(column.Name, nameof(TextLoader.Column.Name));
        host.CheckUserArg(column.Source is { Length: > 0 }, nameof(TextLoader.Column.Source), $"Must specify some source column indices for column '{column.Name}'");
        var segments = column.Source.SelectMany(range => Segments(host, column.Name, range, size, taken)).ToArray();
        var itemType = ItemType(host, column);
        bool isVector = segments.Length != 1 || segments[0].Limit - segments[0].Min != 1 || column.Source[0].ForceVector || segments[0].Limit == int.MaxValue;
        if (!isVector)
            return new Bound(column.Name, itemType, segments);
        long values = segments.Any(segment => segment.Limit == int.MaxValue) ? 0 : segments.Sum(segment => (long)segment.Limit - segment.Min);
        return new Bound(column.Name, new VectorDataViewType(itemType, (int)values), segments);
    }

    private static IEnumerable<(int Min, int Limit)> Segments(IHost host, string name, TextLoader.Range range, int size, (int Min, int Limit)[] taken)
    {
        if (range.AllOther)
            return Others(range.Min, size, taken);
        if (range.VariableEnd)
            return [(range.Min, int.MaxValue)];
        if (!range.AutoEnd)
            return [(range.Min, (range.Max ?? range.Min) + 1)];
        host.CheckUserArg(range.Min < size, nameof(TextLoader.Range.Min),
            $"Column '{name}' starts at field {range.Min}, but the lines of the data have only {size} fields");
        return [(range.Min, size)];
    }

    private static IEnumerable<(int Min, int Limit)> Others(int min, int size, (int Min, int Limit)[] taken)
    {
        for (int start = min; start < size; start++)
        {
            int first = start;
            while (start < size && !taken.Any(range => range.Min <= start && start < range.Limit))
                start++;
            if (start > first)
                yield return (first, start);
        }
    }

    private static PrimitiveDataViewType ItemType(IHost host, TextLoader.Column column)
    {
        var type = ColumnTypeExtensions.PrimitiveTypeFromKind(column.DataKind);
        if (column.KeyCount is null)
            return type;
        host.CheckUserArg(KeyDataViewType.IsValidDataType(type.RawType), nameof(TextLoader.Column.KeyCount), $"Column '{column.Name}': bad item type for Key: {type}");
        return new KeyDataViewType(type.RawType, column.KeyCount.Count ?? MemberTypes.MaximumKeyCount(type.RawType));
    }

    private DataViewSchema CreateSchema(TextLoader.Options options, string header)
    {
        var builder = new DataViewSchema.Builder();
        var fields = new TextFields(options);
        if (header is not null)
            fields.Split(header);
        foreach (var column in Columns)
            builder.AddColumn(column.Name, column.Type, header is null ? null : SlotNames(column, fields));
        return builder.ToSchema();
    }

    private static DataViewSchema.Annotations SlotNames(Bound column, TextFields header)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector)
            return null;
        var names = column.Segments.SelectMany(segment => Enumerable.Range(segment.Min, segment.Limit - segment.Min))
            .Select(index => header[index].Trim()).ToArray();
        if (names.All(name => name.IsEmpty))
            return null;
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, vector.Size),
            (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value));
        return builder.ToAnnotations();
    }
}
