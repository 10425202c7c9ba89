using System.Globalization;
using System.Net;

namespace CnnTrainers.Pipelines.Reports;

/// <summary>Text that is HTML already. Everything else that goes into a page is escaped.</summary>
internal readonly record struct Markup(string Text)
{
    /// <summary>Makes HTML of a template: what fills its holes is escaped, unless it is HTML already.</summary>
    public static Markup Of(FormattableString template) => new(template.ToString(Escape.Instance));

    /// <summary>Pieces one after the other.</summary>
    public static Markup Join(IEnumerable<Markup> pieces) => new(string.Concat(pieces.Select(p => p.Text)));

    /// <inheritdoc/>
    public override string ToString() => Text;

    private sealed class Escape : IFormatProvider, ICustomFormatter
    {
        public static readonly Escape Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            Markup markup => markup.Text,
            IFormattable number => WebUtility.HtmlEncode(number.ToString(format, CultureInfo.InvariantCulture)),
            _ => WebUtility.HtmlEncode(arg?.ToString() ?? ""),
        };
    }
}
