using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

public static partial class torch
{
    public const TensorStringStyle julia = TensorStringStyle.Julia;
    public const TensorStringStyle numpy = TensorStringStyle.Numpy;
    public const TensorStringStyle csharp = TensorStringStyle.CSharp;

    private static readonly PrintOptions printing = new();

    /// <summary>The form that <see cref="Tensor.ToString(bool, string, int?, CultureInfo, string)"/> and <c>str</c> take by default.</summary>
    public static TensorStringStyle TensorStringStyle
    {
        get => printing.Style;
        set => printing.Style = value == TensorStringStyle.Default ? throw new ArgumentException("The style cannot be set to 'Default'") : value;
    }

    public static void set_printoptions(
        int precision, int? linewidth = null, string newLine = null, bool sci_mode = false, int? maxRows = null, int? maxColumns = null) =>
        set_printoptions(null, (sci_mode ? "E" : "F") + precision.ToString(CultureInfo.InvariantCulture), linewidth, newLine, maxRows, maxColumns);

    public static void set_printoptions(
        TensorStringStyle? style = null, string floatFormat = null, int? linewidth = null, string newLine = null, int? maxRows = null, int? maxColumns = null)
    {
        if (style is TensorStringStyle given) TensorStringStyle = given;
        printing.Format = floatFormat ?? printing.Format;
        printing.NewLine = newLine ?? printing.NewLine;
        printing.MaxRows = maxRows ?? printing.MaxRows;
        printing.MaxColumns = maxColumns ?? printing.MaxColumns;
    }

    private sealed class PrintOptions
    {
        public TensorStringStyle Style { get; set; } = TensorStringStyle.Julia;
        public string Format { get; set; } = "g5";
        public string NewLine { get; set; } = Environment.NewLine;
        public int MaxRows { get; set; } = 6;
        public int MaxColumns { get; set; } = 6;
    }

    public partial class Tensor
    {
        public override string ToString() => Metadata();

        public string ToString(
            bool disamb, string fltFormat = null, int? width = null, CultureInfo cultureInfo = null, string newLine = null) =>
            disamb ? ToString(TensorStringStyle, fltFormat, width, cultureInfo, newLine) : Metadata();

        public string ToString(
            TensorStringStyle style, string fltFormat = null, int? width = null, CultureInfo cultureInfo = null, string newLine = null)
        {
            if (style == TensorStringStyle.Default) style = TensorStringStyle;
            if (style == TensorStringStyle.Metadata || is_meta) return Metadata();
            using DisposeScope scope = NewDisposeScope();
            Tensor plain = detach().cpu();
            if (dtype is ScalarType.BFloat16) plain = plain.@float();
            ElementWriter writer = new(style, fltFormat ?? printing.Format, cultureInfo ?? CultureInfo.CurrentCulture, newLine ?? printing.NewLine);
            return writer.Write(plain, Metadata());
        }

        private string Metadata()
        {
            if (IsInvalid) return "Uninitialized";
            string text = $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";
            bool single = Dimensions == 0 && !is_meta && !is_complex();
            return single ? $"{text}, value = {Convert.ToString(ElementWriter.Number(this), CultureInfo.InvariantCulture)}" : text;
        }
    }

    // Elements in nested brackets or braces, the middle of long dimensions left out.
    private sealed class ElementWriter(TensorStringStyle style, string format, CultureInfo culture, string newLine)
    {
        private readonly StringBuilder text = new();
        private readonly bool braces = style == TensorStringStyle.CSharp;

        public static object Number(Tensor single)
        {
            Scalar scalar = single.ToScalar();
            return scalar.Kind switch
            {
                ValueKind.Bool => scalar.ToBoolean(),
                ValueKind.Int => scalar.ToInt64(),
                _ => single.dtype == ScalarType.Float64 ? scalar.ToDouble() : scalar.ToSingle(),
            };
        }

        public string Write(Tensor tensor, string metadata)
        {
            if (tensor.Dimensions == 0 && style != TensorStringStyle.Numpy) return metadata;
            if (style == TensorStringStyle.Julia) text.Append(metadata).Append(newLine);
            if (braces) text.Append(metadata).Append(", value = ");
            Append(tensor, 0);
            return text.ToString();
        }

        private void Append(Tensor tensor, int depth)
        {
            if (tensor.Dimensions == 0)
            {
                text.Append(Element(Number(tensor)));
                return;
            }
            text.Append(braces ? '{' : '[');
            long length = tensor.shape[0], limit = tensor.Dimensions == 1 ? printing.MaxColumns : printing.MaxRows;
            for (long i = 0; i < length; i++)
            {
                if (i > 0) Separate(tensor.Dimensions, depth);
                if (length > limit && i == limit / 2)
                {
                    text.Append("...");
                    i = length - limit + (limit / 2) - 1;
                    continue;
                }
                using Tensor item = tensor.select(0, i);
                Append(item, depth + 1);
            }
            text.Append(braces ? '}' : ']');
        }

        private void Separate(long dimensions, int depth)
        {
            if (braces) text.Append(',');
            if (dimensions == 1) text.Append(' ');
            else text.Append(newLine).Append(' ', depth + 1);
        }

        private string Element(object number) => number switch
        {
            bool truth => truth ? "true" : "false",
            float value => value.ToString(format, culture) + (braces ? "f" : ""),
            double value => value.ToString(format, culture),
            _ => Convert.ToString(number, culture),
        };
    }
}

public static partial class TensorExtensionMethods
{
    public static string str(
        this Tensor tensor, string fltFormat = null, int? width = null, string newLine = "\n", CultureInfo cultureInfo = null,
        TensorStringStyle style = TensorStringStyle.Default) => tensor.ToString(style, fltFormat, width, cultureInfo, newLine);

    public static string jlstr(this Tensor tensor, string fltFormat = null, int? width = null, string newLine = "\n", CultureInfo cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.Julia, fltFormat, width, cultureInfo, newLine);

    public static string npstr(this Tensor tensor, string fltFormat = "g5", int? width = 100, string newLine = "\n", CultureInfo cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.Numpy, fltFormat, width, cultureInfo, newLine);

    public static string cstr(this Tensor tensor, string fltFormat = "g5", int? width = 100, string newLine = "\n", CultureInfo cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.CSharp, fltFormat, width, cultureInfo, newLine);

    public static string metastr(this Tensor tensor) => tensor.ToString(TensorStringStyle.Metadata);

    public static Tensor print(
        this Tensor t, string fltFormat = "g5", int? width = 100, string newLine = "", CultureInfo cultureInfo = null,
        TensorStringStyle style = TensorStringStyle.Default)
    {
        Console.WriteLine(t.ToString(style, fltFormat, width, cultureInfo, string.IsNullOrEmpty(newLine) ? Environment.NewLine : newLine));
        return t;
    }
}
