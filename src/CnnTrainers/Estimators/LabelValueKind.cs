using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Estimators;

/// <summary>A type that class labels can have before they become keys, with its form in a model file: text that reads back exactly.</summary>
internal abstract class LabelValueKind(string name, PrimitiveDataViewType type)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Every type that ML.NET makes keys from. The names are stored in model files.</summary>
    public static IReadOnlyList<LabelValueKind> All { get; } =
    [
        new LabelValueKind<ReadOnlyMemory<char>>("String", TextDataViewType.Instance, value => value.ToString(), text => text.AsMemory()),
        new LabelValueKind<bool>("Boolean", BooleanDataViewType.Instance, value => value ? "True" : "False", bool.Parse),
        Number<sbyte>("SByte", NumberDataViewType.SByte),
        Number<byte>("Byte", NumberDataViewType.Byte),
        Number<short>("Int16", NumberDataViewType.Int16),
        Number<ushort>("UInt16", NumberDataViewType.UInt16),
        Number<int>("Int32", NumberDataViewType.Int32),
        Number<uint>("UInt32", NumberDataViewType.UInt32),
        Number<long>("Int64", NumberDataViewType.Int64),
        Number<ulong>("UInt64", NumberDataViewType.UInt64),
        Number<float>("Single", NumberDataViewType.Single),
        Number<double>("Double", NumberDataViewType.Double),
        Moment<TimeSpan>("TimeSpan", TimeSpanDataViewType.Instance, "c"),
        Moment<DateTimeOffset>("DateTimeOffset", DateTimeOffsetDataViewType.Instance, "O"),
        new LabelValueKind<DateTime>("DateTime", DateTimeDataViewType.Instance, value => value.ToString("O", Invariant),
            text => DateTime.Parse(text, Invariant, DateTimeStyles.RoundtripKind)),
    ];

    public string Name { get; } = name;

    public PrimitiveDataViewType Type { get; } = type;

    /// <summary>Reads the key values of a label column.</summary>
    public abstract ClassLabels Read(DataViewSchema.Column label, int count);

    /// <summary>Makes labels from their stored form.</summary>
    /// <exception cref="FormatException">A text is no value of this kind.</exception>
    public abstract ClassLabels Parse(IReadOnlyList<string> values);

    private static LabelValueKind<T> Number<T>(string name, PrimitiveDataViewType type) where T : IParsable<T>, IFormattable =>
        new(name, type, value => value.ToString(null, Invariant), text => T.Parse(text, Invariant));

    private static LabelValueKind<T> Moment<T>(string name, PrimitiveDataViewType type, string format) where T : IParsable<T>, IFormattable =>
        new(name, type, value => value.ToString(format, Invariant), text => T.Parse(text, Invariant));
}

/// <inheritdoc/>
internal sealed class LabelValueKind<T>(string name, PrimitiveDataViewType type, Func<T, string> format, Func<string, T> parse)
    : LabelValueKind(name, type)
{
    public override ClassLabels Read(DataViewSchema.Column label, int count)
    {
        var values = default(VBuffer<T>);
        label.Annotations.GetValue("KeyValues", ref values);
        return new ClassLabels<T>(this, [.. values.DenseValues()], format);
    }

    public override ClassLabels Parse(IReadOnlyList<string> values) => new ClassLabels<T>(this, [.. values.Select(parse)], format);
}
