using System.Globalization;

namespace CnnTrainers.Tests;

/// <summary>A culture with a decimal comma and a minus sign of its own, for this thread until it is disposed; machines may have no cultures by name.</summary>
internal sealed class OtherCulture : IDisposable
{
    private readonly CultureInfo _own = CultureInfo.CurrentCulture;

    public OtherCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NegativeSign) = (",", ".", "\u2212");
        CultureInfo.CurrentCulture = culture;
    }

    public void Dispose() => CultureInfo.CurrentCulture = _own;
}
