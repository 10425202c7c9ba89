using System.Numerics;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data.Conversion;

/// <summary>
/// The standard conversions between scalar types, as in ML.NET's public sources. Numbers of different sign, and numbers with
/// a fraction into whole ones, are not converted.
/// </summary>
internal static class Conversions
{
    private static readonly Dictionary<(Type, Type), ValueConversion> _standard = MakeTable();

    /// <summary>False where there is no such conversion. Keys become keys of the same count or, for internal use, whole numbers.</summary>
    public static bool TryGet(DataViewType source, DataViewType destination, out ValueConversion conversion)
    {
        conversion = null;
        if (source is KeyDataViewType key)
        {
            bool fits = destination is KeyDataViewType other ? key.Count == other.Count : KeyDataViewType.IsValidDataType(destination.RawType);
            return fits && _standard.TryGetValue((source.RawType, destination.RawType), out conversion);
        }
        if (destination is KeyDataViewType keyType)
        {
            if (source is TextDataViewType)
                conversion = Utils.MarshalInvoke(FromTextToKey<uint>, keyType.RawType, keyType);
            return conversion is not null;
        }
        return _standard.TryGetValue((source.RawType, destination.RawType), out conversion);
    }

    private static ValueConversion FromTextToKey<T>(KeyDataViewType type) where T : struct, INumber<T>
        => new ValueConversion<ReadOnlyMemory<char>, T>(text => T.CreateTruncating(TextConversions.ToKey(text.Span, type.Count)));

    private static Dictionary<(Type, Type), ValueConversion> MakeTable()
    {
        var table = new Table();
        AddNumbers(table);
        AddTexts(table);
        AddBooleans(table);
        AddTimes(table);
        return table.Conversions;
    }

    private static void AddNumbers(Table table)
    {
        table.AddSigned<sbyte>("sbyte");
        table.AddSigned<short>("short");
        table.AddSigned<int>("int");
        table.AddSigned<long>("long");
        table.AddUnsigned<byte>();
        table.AddUnsigned<ushort>();
        table.AddUnsigned<uint>();
        table.AddUnsigned<ulong>();
        table.AddReals<float>();
        table.AddReals<double>();
        table.Add<float, ReadOnlyMemory<char>>(TextConversions.FromSingle);
        table.Add<double, ReadOnlyMemory<char>>(TextConversions.FromDouble);
        table.Add<float, bool>(Convert.ToBoolean);
        table.Add<double, bool>(Convert.ToBoolean);
        table.Add<DataViewRowId, ReadOnlyMemory<char>>(TextConversions.FromRowId);
    }

    private static void AddTexts(Table table)
    {
        table.Add<ReadOnlyMemory<char>, ReadOnlyMemory<char>>(text => text);
        table.Add<ReadOnlyMemory<char>, float>(text => (float)TextConversions.ToReal(text.Span));
        table.Add<ReadOnlyMemory<char>, double>(text => TextConversions.ToReal(text.Span));
        table.Add<ReadOnlyMemory<char>, bool>(text => TextConversions.ToBoolean(text.Span));
        table.Add<ReadOnlyMemory<char>, DataViewRowId>(text => TextConversions.ToRowId(text.Span));
        table.Add<ReadOnlyMemory<char>, TimeSpan>(text => TextConversions.ToTimeSpan(text.Span));
        table.Add<ReadOnlyMemory<char>, DateTime>(text => TextConversions.ToDateTime(text.Span));
        table.Add<ReadOnlyMemory<char>, DateTimeOffset>(text => TextConversions.ToDateTimeOffset(text.Span));
    }

    private static void AddBooleans(Table table)
    {
        table.Add<bool, sbyte>(Convert.ToSByte);
        table.Add<bool, short>(Convert.ToInt16);
        table.Add<bool, int>(Convert.ToInt32);
        table.Add<bool, long>(Convert.ToInt64);
        table.Add<bool, float>(Convert.ToSingle);
        table.Add<bool, double>(Convert.ToDouble);
        table.Add<bool, bool>(value => value);
        table.Add<bool, ReadOnlyMemory<char>>(value => value.ToString().AsMemory());
    }

    private static void AddTimes(Table table)
    {
        table.AddTime<TimeSpan>(value => value.Ticks, value => $"{value:c}");
        table.AddTime<DateTime>(value => value.Ticks, value => $"{value:o}");
        table.AddTime<DateTimeOffset>(value => value.UtcDateTime.Ticks, value => $"{value:o}");
        table.Add<DateTime, DateTime>(value => value);
    }

    /// <summary>The conversions as they are put together.</summary>
    private sealed class Table
    {
        public Dictionary<(Type, Type), ValueConversion> Conversions { get; } = [];

        public void Add<TSource, TDestination>(Func<TSource, TDestination> convert)
            => Conversions.Add((typeof(TSource), typeof(TDestination)), new ValueConversion<TSource, TDestination>(convert));

        public void AddSigned<T>(string name) where T : struct, IBinaryInteger<T>
        {
            Add<T, sbyte>(sbyte.CreateTruncating);
            Add<T, short>(short.CreateTruncating);
            Add<T, int>(int.CreateTruncating);
            Add<T, long>(long.CreateTruncating);
            AddWhole<T>();
            Add<ReadOnlyMemory<char>, T>(text => TextConversions.ToSigned<T>(text.Span, name));
        }

        // A number too large for its new type becomes 0, which is also the missing key.
        public void AddUnsigned<T>() where T : struct, IBinaryInteger<T>
        {
            Add<T, byte>(Fit<T, byte>);
            Add<T, ushort>(Fit<T, ushort>);
            Add<T, uint>(Fit<T, uint>);
            Add<T, ulong>(Fit<T, ulong>);
            AddWhole<T>();
            Add<T, DataViewRowId>(value => new DataViewRowId(ulong.CreateTruncating(value), 0));
            Add<DataViewRowId, T>(value => value.High == 0 ? Fit<ulong, T>(value.Low) : T.Zero);
            Add<ReadOnlyMemory<char>, T>(text => Fit<ulong, T>(TextConversions.ToUnsigned(text.Span)));
        }

        public void AddReals<T>() where T : struct, INumber<T>
        {
            Add<T, float>(float.CreateTruncating);
            Add<T, double>(double.CreateTruncating);
        }

        public void AddTime<T>(Func<T, long> ticks, Func<T, string> text)
        {
            Add<T, long>(ticks);
            Add<T, float>(value => ticks(value));
            Add<T, double>(value => ticks(value));
            Add<T, ReadOnlyMemory<char>>(value => text(value).AsMemory());
        }

        private void AddWhole<T>() where T : struct, IBinaryInteger<T>
        {
            AddReals<T>();
            Add<T, bool>(value => !T.IsZero(value));
            Add<T, ReadOnlyMemory<char>>(value => value.ToString().AsMemory());
        }

        private static TDestination Fit<TSource, TDestination>(TSource value)
            where TSource : struct, IBinaryInteger<TSource>
            where TDestination : struct, IBinaryInteger<TDestination>
        {
            var fitted = TDestination.CreateTruncating(value);
            return TSource.CreateTruncating(fitted) == value ? fitted : TDestination.Zero;
        }
    }
}
