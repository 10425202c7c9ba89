using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Estimators;

/// <summary>The classes in the order of the network's outputs, with the values that the label column's keys stand for.</summary>
internal abstract class ClassLabels(LabelValueKind? kind, IReadOnlyList<string> names)
{
    public const int MostClasses = 1 << 20;

    private const int MostNamed = 10;

    /// <summary>What the keys stand for, or null where the label column does not say.</summary>
    public LabelValueKind? Kind { get; } = kind;

    /// <summary>The values as text; numbers from 0 where there are none.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    public int Count => Names.Count;

    /// <summary>Reads classes and their values from a label column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Its key type has fewer than 2 classes, or no usable count.</exception>
    public static ClassLabels Of(DataViewSchema.Column label)
    {
        var key = (KeyDataViewType)label.Type;
        if (key.Count is < 2 or > MostClasses)
            throw SchemaErrors.Mismatch("label", label.Name, $"a key of 2 to {MostClasses} classes", $"{key} with {key.Count} class{(key.Count == 1 ? "" : "es")}");
        return Read(label, (int)key.Count);
    }

    /// <summary>Reads the classes of rows to learn from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The key type has fewer than 2 classes, where the message says what the rows lack, or no usable count.</exception>
    public static ClassLabels Of(IDataView data, DataViewSchema.Column label) => ((KeyDataViewType)label.Type).Count is 0 or 1 ? throw TooFew(data, label) : Of(label);

    /// <summary>Which of these classes each key of another label column means: by the values, where both columns have some.</summary>
    /// <param name="label">A label column that passed the check of its type.</param>
    /// <returns>A class for each key; null where the keys are the same.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It has classes that are not among these, or without values another number of them.</exception>
    public int[]? PlacesOf(DataViewSchema.Column label)
    {
        var key = (KeyDataViewType)label.Type;
        var others = key.Count is >= 1 and <= MostClasses ? Read(label, (int)key.Count) : null;
        if (Kind is null || others?.Kind is null)
            return key.Count == (ulong)Count ? null : throw SchemaErrors.Mismatch("label", label.Name, $"a key of {Count} classes as in the training data", $"{key}");
        if (Kind != others.Kind)
            throw SchemaErrors.Mismatch("label", label.Name, $"keys of {Kind.Name} values as in the training data", $"keys of {others.Kind.Name} values");
        if (Names.SequenceEqual(others.Names))
            return null;
        var places = Names.Index().DistinctBy(one => one.Item).ToDictionary(one => one.Item, one => one.Index);
        var unknown = others.Names.Where(name => !places.ContainsKey(name)).ToList();
        if (unknown.Count > 0)
            throw SchemaErrors.Mismatch("label", label.Name, $"the classes of the training data, {Some(Names)}", $"other ones too: {Some(unknown)}");
        return [.. others.Names.Select(name => places[name])];
    }

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNamed).Select(name => $"'{name}'")) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");

    // Keys made of no rows, or of rows without labels, are of one class too.
    private static ArgumentOutOfRangeException TooFew(IDataView data, DataViewSchema.Column label)
    {
        using var cursor = data.GetRowCursor([label]);
        var (read, rows, isLabelled) = (LabelReader.Create(cursor, label), 0L, false);
        while (!isLabelled && cursor.MoveNext())
        {
            rows++;
            isLabelled = read() >= 0;
        }
        return new("labelCol", rows == 0 ? "There are no rows."
            : !isLabelled ? FormattableString.Invariant($"Column '{label.Name}' has no labels: none of the {rows} rows has a value there.")
            : $"Column '{label.Name}' has one class{(Read(label, 1) is { Kind: not null } one ? $", {Some(one.Names)}" : "")}: a second class is needed.");
    }

    private static ClassLabels Read(DataViewSchema.Column label, int count) =>
        label.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is VectorDataViewType values && values.Size == count
            && LabelValueKind.All.FirstOrDefault(kind => kind.Type.Equals(values.ItemType)) is { } kind
            ? kind.Read(label, count)
            : Unnamed(count);

    /// <summary>Classes that are only numbered.</summary>
    public static ClassLabels Unnamed(int count) =>
        new Numbered([.. Enumerable.Range(0, count).Select(index => index.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>Adds the values as an annotation, where there are any.</summary>
    public abstract void AddValues(DataViewSchema.Annotations.Builder builder, string annotation);

    /// <summary>Adds the names as an annotation, where there are values.</summary>
    public void AddNames(DataViewSchema.Annotations.Builder builder, string annotation)
    {
        if (Kind is not null)
            Add(builder, annotation, TextDataViewType.Instance, [.. Names.Select(name => name.AsMemory())]);
    }

    protected static void Add<T>(DataViewSchema.Annotations.Builder builder, string annotation, PrimitiveDataViewType type, T[] values)
    {
        // A fresh copy at each call: a buffer that is handed out may be overwritten.
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> destination) => destination = new VBuffer<T>(values.Length, [.. values]);
        builder.Add(annotation, new VectorDataViewType(type, values.Length), getter);
    }

    private sealed class Numbered(IReadOnlyList<string> names) : ClassLabels(null, names)
    {
        public override void AddValues(DataViewSchema.Annotations.Builder builder, string annotation)
        {
        }
    }
}

/// <inheritdoc/>
internal sealed class ClassLabels<T>(LabelValueKind kind, T[] values, Func<T, string> format) : ClassLabels(kind, [.. values.Select(format)])
{
    public override void AddValues(DataViewSchema.Annotations.Builder builder, string annotation) => Add(builder, annotation, Kind!.Type, values);
}
