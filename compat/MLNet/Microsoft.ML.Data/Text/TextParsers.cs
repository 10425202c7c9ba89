using System.Globalization;
using System.Numerics;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>From the text of a field to a value. False says that the text is no such value; what comes out then is a missing one.</summary>
internal delegate bool TextParser<T>(ReadOnlyMemory<char> text, out T value);

/// <summary>The parsers of all types that text can be loaded as.</summary>
internal static class TextParsers
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>The <see cref="TextParser{T}"/> of a scalar type.</summary>
    public static Delegate Create(PrimitiveDataViewType type, TextLoader.Options options)
    {
        if (type is KeyDataViewType key)
            return Utils.MarshalInvoke(Key<uint>, key.RawType, key);
        if (type is TextDataViewType)
            return (TextParser<ReadOnlyMemory<char>>)((ReadOnlyMemory<char> text, out ReadOnlyMemory<char> value) => { value = text; return true; });
        if (type is BooleanDataViewType)
            return (TextParser<bool>)Boolean;
        if (type is TimeSpanDataViewType)
            return (TextParser<TimeSpan>)((ReadOnlyMemory<char> text, out TimeSpan value) => TimeSpan.TryParse(text.Span, Invariant, out value));
        if (type is DateTimeDataViewType)
            return (TextParser<DateTime>)((ReadOnlyMemory<char> text, out DateTime value) => DateTime.TryParse(text.Span, Invariant, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out value));
        if (type is DateTimeOffsetDataViewType)
            return (TextParser<DateTimeOffset>)((ReadOnlyMemory<char> text, out DateTimeOffset value) => DateTimeOffset.TryParse(text.Span, Invariant, DateTimeStyles.AssumeUniversal, out value));
        if (type.RawType == typeof(float))
            return Real<float>(options, float.NaN);
        if (type.RawType == typeof(double))
            return Real<double>(options, double.NaN);
        return Utils.MarshalInvoke(Whole<int>, type.RawType);
    }

    private static Delegate Whole<T>() where T : struct, INumber<T>
        => (TextParser<T>)((ReadOnlyMemory<char> text, out T value) => T.TryParse(text.Span.Trim(), NumberStyles.AllowLeadingSign, Invariant, out value));

    // Text counts keys from 0, columns from 1; what is past the count is missing.
    private static Delegate Key<T>(KeyDataViewType type) where T : struct, INumber<T>
        => (TextParser<T>)((ReadOnlyMemory<char> text, out T value) =>
        {
            bool isKey = ulong.TryParse(text.Span.Trim(), NumberStyles.None, Invariant, out ulong index) && index < type.Count;
            value = isKey ? T.CreateTruncating(index + 1) : T.Zero;
            return isKey || text.Span.Trim().IsEmpty;
        });

    private static Delegate Real<T>(TextLoader.Options options, T missing) where T : struct, INumber<T>
    {
        var format = (NumberFormatInfo)Invariant.NumberFormat.Clone();
        format.NumberDecimalSeparator = options.DecimalMarker.ToString();
        return (TextParser<T>)((ReadOnlyMemory<char> text, out T value) =>
        {
            var trimmed = text.Span.Trim();
            if (T.TryParse(trimmed, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, format, out value))
                return true;
            if (trimmed is "∞" or "+∞" or "-∞")
            {
                value = T.CreateChecked(trimmed is "-∞" ? double.NegativeInfinity : double.PositiveInfinity);
                return true;
            }
            value = missing;
            return trimmed is "?" || trimmed.Equals("NA", StringComparison.OrdinalIgnoreCase);
        });
    }

    private static bool Boolean(ReadOnlyMemory<char> text, out bool value)
    {
        string word = text.Span.Trim().ToString().ToLowerInvariant();
        value = word is "true" or "yes" or "t" or "y" or "on" or "1" or "+1" or "+";
        return value || word is "" or "false" or "no" or "f" or "n" or "off" or "0" or "-1" or "-";
    }
}
