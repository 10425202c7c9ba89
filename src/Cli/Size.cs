using System.Globalization;

namespace CnnTrainers.Cli;

/// <summary>Large numbers for tables.</summary>
internal static class Size
{
    /// <summary>Bytes in KB, MB or GB; nothing for null.</summary>
    public static string Bytes(long? bytes)
    {
        if (bytes is not { } value) return "";
        (double size, string unit) = value switch { < 1 << 20 => (value / 1024.0, "KB"), < 1 << 30 => (value / 1048576.0, "MB"), _ => (value / 1073741824.0, "GB") };
        return size.ToString("0.0", CultureInfo.InvariantCulture) + " " + unit;
    }

    /// <summary>A count in thousands, millions or billions; nothing for null.</summary>
    public static string Count(long? count)
    {
        if (count is not { } value) return "";
        (double size, string unit) = value switch { < 1_000 => (value, ""), < 1_000_000 => (value / 1e3, " k"), < 1_000_000_000 => (value / 1e6, " M"), _ => (value / 1e9, " G") };
        return size.ToString(unit == "" ? "0" : "0.0", CultureInfo.InvariantCulture) + unit;
    }
}
