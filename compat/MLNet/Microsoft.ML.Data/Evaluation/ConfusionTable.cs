using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>A confusion matrix as text, letter for letter as it is published.</summary>
internal static class ConfusionTable
{
    private const string Predicted = "PREDICTED";

    public static string Format(ConfusionMatrix matrix, string[] names)
    {
        // Two classes leave room for wider columns.
        int width = names.Length == 2 ? 8 : 5;
        int longest = names.Max(name => name.Length);
        // Names that do not fit the columns stand in the rows only, behind the number that stands for them.
        bool numbered = longest > width;
        int digits = (names.Length - 1).ToString(CultureInfo.InvariantCulture).Length;
        int padding = Math.Max(Predicted.Length, numbered ? longest + digits + 2 : longest);
        string rule = $"{new string(' ', padding)} ||{new string('=', names.Length * (width + 3))}";

        var text = new StringBuilder().AppendLine().AppendLine("Confusion table").AppendLine(rule);
        text.Append(Predicted.PadRight(padding)).Append(" ||");
        for (int i = 0; i < names.Length; i++)
            AppendCell(text, numbered ? i.ToString(CultureInfo.InvariantCulture) : names[i], width);
        text.AppendLine(" Recall").Append("TRUTH".PadRight(padding)).Append(rule.AsSpan(padding)).AppendLine();

        for (int i = 0; i < names.Length; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture).PadLeft(digits);
            text.Append(numbered ? $"{number}. {names[i].PadLeft(padding - digits - 2)}" : names[i].PadLeft(padding)).Append(" ||");
            foreach (double count in matrix.Counts[i])
                AppendCell(text, count.ToString("N0", CultureInfo.InvariantCulture), width);
            text.Append(' ').AppendLine(Share(matrix.PerClassRecall[i]));
        }

        text.AppendLine(rule).Append("Precision".PadRight(padding)).Append(" ||");
        foreach (double precision in matrix.PerClassPrecision)
            AppendCell(text, Share(precision), width);
        return text.AppendLine().ToString();
    }

    private static void AppendCell(StringBuilder text, string content, int width) => text.Append(content.PadLeft(width + 1)).Append(" |");

    private static string Share(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
