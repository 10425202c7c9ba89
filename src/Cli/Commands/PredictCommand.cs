using System.CommandLine;
using System.Globalization;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;
using Spectre.Console;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn predict</c>: a model file and images in, the likeliest classes out.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model();
        var files = new Argument<string[]>("images") { Description = "Image files.", Arity = ArgumentArity.OneOrMore };
        var top = CommonOptions.Positive("--top", "How many classes to show for each image.", _ => 1);
        var precision = CommonOptions.Precision();
        var json = CommonOptions.Json();
        var command = new Command("predict", "Say what images show.") { model, files, top, precision, json };
        command.SetBody((parsed, cancel) => Run(
            parsed.GetValue(model)!, parsed.GetValue(files)!, parsed.GetValue(top), CnnPrecision.Get(parsed.GetValue(precision)!), new Output(parsed.GetValue(json)), cancel));
        return command;
    }

    private static int Run(string modelPath, string[] files, int top, CnnPrecision precision, Output output, CancellationToken cancel)
    {
        var ml = new MLContext();
        ITransformer model = ModelFile.Load(ml, modelPath, precision, out DataViewSchema schema);
        using var owned = model as IDisposable;
        IReadOnlyList<ImageFault> faults = ImageCheck.Faults(files, cancel);
        var bad = faults.Select(f => f.Path).ToHashSet();
        string[] whole = [.. files.Where(f => !bad.Contains(f))];
        // The others get their answer all the same.
        if (whole.Length > 0) Show(Predict(ml, model, schema, whole, top), output);
        return faults.Count == 0 ? ExitCode.Well : throw new CliException(ImageCheck.Words(faults, files.Length));
    }

    private static void Show(IReadOnlyList<Prediction> predictions, Output output)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("image");
        for (int k = 0; k < predictions[0].Classes.Count; k++) table.AddColumn(k == 0 ? "class" : $"{k + 1}.");
        foreach (Prediction p in predictions)
            table.AddRow([Markup.Escape(p.Image), .. p.Classes.Select(c => Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{c.Class} {c.Probability:0.000}")))]);
        output.Table(table);
        output.Result(predictions);
    }

    internal sealed record ClassProbability(string Class, float Probability);

    internal sealed record Prediction(string Image, IReadOnlyList<ClassProbability> Classes);

    /// <summary>Scores image files with a loaded model, in the order given.</summary>
    internal static IReadOnlyList<Prediction> Predict(MLContext ml, ITransformer model, DataViewSchema schema, IReadOnlyList<string> files, int top)
    {
        IDataView scored = model.Transform(Rows(ml, schema, files));
        IReadOnlyList<string> classes = Evaluation.ClassNames(scored.Schema);
        return [.. scored.GetColumn<float[]>("Score").Zip(files, (scores, file) => new Prediction(file, Best(scores, classes, top)))];
    }

    /// <summary>Image files as rows for a model that was trained on rows of this schema.</summary>
    internal static IDataView Rows(MLContext ml, DataViewSchema schema, IReadOnlyList<string> files)
    {
        // A model of images in memory (IDX) has no ImagePath column: it is fed the decoded images.
        return schema.GetColumnOrNull("ImagePath") is not null
            ? ml.Data.LoadFromEnumerable(files.Select(f => new LabelledImage { ImagePath = Path.GetFullPath(f) }))
            : ml.Data.LoadFromEnumerable(files.Select(f => new IdxImage { Image = Decode(f) }));
    }

    private static IReadOnlyList<ClassProbability> Best(float[] scores, IReadOnlyList<string> classes, int top) =>
        [.. Enumerable.Range(0, scores.Length).OrderByDescending(c => scores[c]).Take(top).Select(c => new ClassProbability(classes[c], scores[c]))];

    private static MLImage Decode(string file)
    {
        try
        {
            return MLImage.CreateFromFile(file);
        }
        catch (ArgumentException e)
        {
            throw new CliException($"'{file}' cannot be read as an image: {e.Message}");
        }
    }
}
