using System.Globalization;
using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.Conversion;

/// <summary>From text to values and back. The empty text is 0 or its like, also for real numbers; what cannot be read is the missing value, where there is one.</summary>
internal static class TextConversions
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Signed whole numbers have no missing value: text that is none is an error.</summary>
    public static T ToSigned<T>(ReadOnlySpan<char> text, string typeName) where T : struct, IBinaryInteger<T>
    {
        if (text.IsEmpty)
            return T.Zero;
        bool isNumber = T.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out T value) && text[0] != '+';
        return isNumber ? value : throw Contracts.Except($"Value could not be parsed from text to {typeName}.");
    }

    public static ulong ToUnsigned(ReadOnlySpan<char> text) => ulong.TryParse(text, NumberStyles.None, Invariant, out ulong value) ? value : 0;

    /// <summary>Text counts keys from 0, columns from 1; what is no key, or past the count, is missing.</summary>
    public static ulong ToKey(ReadOnlySpan<char> text, ulong count)
        => ulong.TryParse(text, NumberStyles.None, Invariant, out ulong index) && index < count ? index + 1 : 0;

    public static double ToReal(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.IsEmpty)
            return 0;
        if (text is "∞" or "Infinity")
            return double.PositiveInfinity;
        if (text is "-∞" or "-Infinity")
            return double.NegativeInfinity;
        // Without this check other spellings of the infinities would be read too.
        int start = text[0] is '-' or '+' ? 1 : 0;
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        bool isNumber = start < text.Length && (char.IsAsciiDigit(text[start]) || text[start] == '.');
        return isNumber && double.TryParse(text, Styles, Invariant, out double value) ? value : double.NaN;
    }

    public static bool ToBoolean(ReadOnlySpan<char> text)
        => text is "1" or "+1" or "+" || IsWord(text, "true") || IsWord(text, "t") || IsWord(text, "yes") || IsWord(text, "y");

    public static TimeSpan ToTimeSpan(ReadOnlySpan<char> text) => TimeSpan.TryParse(text, Invariant, out var value) ? value : default;

    public static DateTime ToDateTime(ReadOnlySpan<char> text)
        => DateTime.TryParse(text, Invariant, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value) ? value : default;

    public static DateTimeOffset ToDateTimeOffset(ReadOnlySpan<char> text)
        => DateTimeOffset.TryParse(text, Invariant, DateTimeStyles.AssumeUniversal, out var value) ? value : default;

    /// <summary>0x and 32 hexadecimal digits, the high ones first.</summary>
    public static DataViewRowId ToRowId(ReadOnlySpan<char> text)
    {
        if (text.Length != 34 || !text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return default;
        bool isId = ulong.TryParse(text[18..], NumberStyles.AllowHexSpecifier, Invariant, out ulong low)
            & ulong.TryParse(text[2..18], NumberStyles.AllowHexSpecifier, Invariant, out ulong high);
        return isId ? new DataViewRowId(low, high) : default;
    }

    public static ReadOnlyMemory<char> FromSingle(float value) => value.ToString("G7", Invariant).AsMemory();

    public static ReadOnlyMemory<char> FromDouble(double value) => value.ToString("G17", Invariant).AsMemory();

    public static ReadOnlyMemory<char> FromRowId(DataViewRowId value) => $"0x{value.High:x16}{value.Low:x16}".AsMemory();

    private static bool IsWord(ReadOnlySpan<char> text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
