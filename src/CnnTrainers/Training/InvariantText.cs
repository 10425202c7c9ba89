using System.Globalization;

namespace CnnTrainers.Training;

/// <summary>Texts of values that are the same under every culture, such as those that are stored and compared.</summary>
internal static class InvariantText
{
    /// <summary>The text of a value; null where there is none. Records and tuples write their parts by the culture of the thread, so that takes a moment's turn.</summary>
    public static string? Of(object? value)
    {
        var own = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return value?.ToString();
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }
}
