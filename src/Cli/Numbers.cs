using System.Globalization;
using System.Numerics;

namespace CnnTrainers.Cli;

/// <summary>
/// Numbers as users write them: a sign, digits, a decimal point, an exponent; the same in every culture, and nothing besides. The framework's own
/// ways to read them take the comma of <c>0,01</c> for one between thousands, which makes it 1.
/// </summary>
internal static class Numbers
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign, Real = Whole | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a number.</summary>
    public static bool TryParse<T>(string text, out T value) where T : struct, INumber<T> =>
        T.TryParse(text, IsWhole<T>() ? Whole : Real, CultureInfo.InvariantCulture, out value) && T.IsFinite(value);

    /// <summary>Reads a number.</summary>
    /// <exception cref="FormatException">It is none; the message says what was expected.</exception>
    public static T Parse<T>(string text) where T : struct, INumber<T> => TryParse(text, out T value) ? value : throw new FormatException($"{Expected<T>(text)}, got '{text}'");

    /// <summary>Reads a number of a type that options have.</summary>
    /// <exception cref="FormatException">It is none; the message says what was expected.</exception>
    public static object Parse(Type type, string text) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 => (object)Parse<int>(text),
        TypeCode.Int64 => Parse<long>(text),
        TypeCode.Single => Parse<float>(text),
        TypeCode.Double => Parse<double>(text),
        _ => throw new ArgumentException($"no way to read a {type.Name}"),
    };

    /// <summary>The texts between commas.</summary>
    /// <exception cref="FormatException">One of them is like the 05 of 0,05, where somebody meant a decimal comma and would get 0 and 5.</exception>
    public static string[] Parts(string text)
    {
        string[] parts = text.Split(',');
        return parts.Any(part => part is ['0', >= '0' and <= '9', ..])
            ? throw new FormatException($"expected numbers with a decimal point and commas between them, as in 0.01,0.05, got '{text}'")
            : parts;
    }

    /// <summary>What a text should have been that is no such number.</summary>
    public static string Expected<T>(string text) where T : struct, INumber<T>
    {
        if (!IsWhole<T>()) return $"expected a number such as 0.01{(text.Contains(',') ? " (a decimal point, no comma)" : "")}";
        bool tooLarge = BigInteger.TryParse(text, Whole, CultureInfo.InvariantCulture, out _);
        return tooLarge ? $"expected a whole number from {T.CreateSaturating(long.MinValue)} to {T.CreateSaturating(long.MaxValue)}" : "expected a whole number such as 10";
    }

    private static bool IsWhole<T>() where T : struct, INumber<T> => T.IsZero(T.One / (T.One + T.One));
}
