using System.Globalization;
using System.Text;

namespace CnnTrainers.Cli.Predicting;

/// <summary>Writes predictions as they come.</summary>
internal abstract class PredictionWriter
{
    /// <summary>Writes some.</summary>
    public abstract void Write(IReadOnlyList<Prediction> predictions);

    /// <summary>Ends what was written.</summary>
    public virtual void End()
    {
    }

    /// <summary>A line for each, for people.</summary>
    public static PredictionWriter Text(TextWriter writer) => new TextLines(writer);

    /// <summary>One JSON array.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="between">What stands between two of its objects, beside a comma.</param>
    public static PredictionWriter Json(TextWriter writer, string between = "") => new JsonArray(writer, between);

    /// <summary>Comma-separated values, the names of the columns first.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="top">How many classes each prediction names.</param>
    public static PredictionWriter Csv(TextWriter writer, int top) => new CsvLines(writer, top);

    private sealed class TextLines(TextWriter writer) : PredictionWriter
    {
        public override void Write(IReadOnlyList<Prediction> predictions)
        {
            if (predictions.Count == 0) return;
            string[] names = [.. predictions.Select(p => ModelFileText.Plain(p.Image))];
            int width = names.Max(name => name.Length);
            foreach ((Prediction p, string name) in predictions.Zip(names))
                writer.WriteLine($"{name.PadRight(width)}  {(p.Class == p.Classes[0].Class ? "" : $"{p.Class}: ")}{string.Join("   ", p.Classes.Select(Text))}");
            writer.Flush();
        }

        private static string Text(ClassProbability one) => string.Create(CultureInfo.InvariantCulture, $"{one.Class} {one.Probability:0.000}");
    }

    private sealed class JsonArray(TextWriter writer, string between) : PredictionWriter
    {
        private bool _any;

        public override void Write(IReadOnlyList<Prediction> predictions)
        {
            foreach (Prediction prediction in predictions)
            {
                writer.Write($"{(_any ? "," : "[")}{between}{Output.JsonText(prediction)}");
                _any = true;
            }
            writer.Flush();
        }

        public override void End() => writer.Write($"{(_any ? between : "[")}]\n");
    }

    private sealed class CsvLines : PredictionWriter
    {
        private readonly TextWriter _writer;

        public CsvLines(TextWriter writer, int top)
        {
            _writer = writer;
            writer.Write($"image,class,probability{string.Concat(Enumerable.Range(2, top - 1).Select(k => $",class{k},probability{k}"))}\n");
        }

        public override void Write(IReadOnlyList<Prediction> predictions)
        {
            foreach (Prediction p in predictions)
                _writer.Write(Cli.Csv.Line([p.Image, p.Class, p.Probability, .. p.Classes.Skip(1).SelectMany(one => (object[])[one.Class, one.Probability])]) + "\n");
        }
    }
}
