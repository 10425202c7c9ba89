using System.CommandLine;
using System.Text;
using CnnTrainers.Cli.Predicting;
using CnnTrainers.Pipelines;
using Microsoft.ML;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn predict</c>: a model file and images in, the likeliest classes out.</summary>
internal static class PredictCommand
{
    private const int AtOnce = 256, SaidEvery = 40; // images, and so many times those

    public static Command Create()
    {
        var model = CommonOptions.Model();
        var images = new Argument<string[]>("images")
        {
            Description = "Image files, folders, patterns such as 'DIR/**/*.jpg' (quoted), list files (.csv, .tsv, .txt), or - for paths on standard input, one a line.",
            Arity = ArgumentArity.OneOrMore,
        };
        var top = CommonOptions.Positive("--top", "How many classes to show for each image.", _ => 1);
        var threshold = CommonOptions.Number("--threshold", $"The answer is \"{Prediction.Unknown}\" where no class is as likely as this.", _ => 0.0, value => value is >= 0 and <= 1, "0 to 1");
        var file = new Option<string?>("--out", "-o") { Description = "Write the answers to this file, .csv or .json, and only a summary to the screen." };
        var precision = CommonOptions.Precision();
        var engine = CommonOptions.Engine();
        var device = CommonOptions.Device();
        var json = CommonOptions.Json();
        var command = new Command("predict", "Say what images show.") { model, images, top, threshold, file, device, precision, engine, json };
        command.SetBody((parsed, cancel) =>
        {
            string? target = Target(parsed.GetValue(file));
            using var inputs = new ImageInputs(parsed.GetValue(images)!);
            var ml = new MLContext();
            ITransformer network = ModelFile.Load(ml, parsed.GetValue(model)!, parsed.Checked(device), CnnPrecision.Get(parsed.GetValue(precision)!), parsed.GetValue(engine), out DataViewSchema schema);
            using var owned = network as IDisposable;
            var predictor = new Predictor(ml, network, schema, parsed.GetValue(top), parsed.GetValue(threshold));
            var output = new Output(parsed.GetValue(json));
            Run run = target is null ? ToScreen(predictor, inputs, output, cancel) : ToFile(predictor, inputs, target, output, cancel);
            return inputs.Wrong(run.Bad, run.Answered + run.Bad.Count) is { } wrong ? throw new CliException(wrong) : ExitCode.Well;
        }, isShared: Launched.IsOneOfSeveral);
        return command;
    }

    private static string? Target(string? path)
    {
        if (path is null || !Launched.IsFirst) return null;
        if (!IsCsv(path) && !Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase))
            throw new CliException($"--out is '{path}', expected a name that ends with .csv or .json.", ExitCode.Usage);
        return Writable.File("--out", path, "predictions.csv");
    }

    private static Run ToScreen(Predictor predictor, ImageInputs inputs, Output output, CancellationToken cancel) =>
        Run.Over(predictor, inputs, output.Json ? PredictionWriter.Json(Console.Out) : PredictionWriter.Text(Console.Out), says: false, cancel);

    private static Run ToFile(Predictor predictor, ImageInputs inputs, string target, Output output, CancellationToken cancel)
    {
        Run? run = null;
        try
        {
            WholeFile.Write(target, unfinished =>
            {
                using var writer = new StreamWriter(unfinished, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
                run = Run.Over(predictor, inputs, IsCsv(target) ? PredictionWriter.Csv(writer, predictor.Top) : PredictionWriter.Json(writer, "\n"), says: true, cancel);
            });
        }
        catch (Exception e) when (e is not (CliException or CnnRankException) && !cancel.IsCancellationRequested)
        {
            throw new CliException($"the answers could not be written to '{target}': {CommandRunner.Explain(e)}");
        }
        output.Line($"Wrote {target}: {run!.Answered:N0} images{string.Concat(run.Classes.OrderByDescending(one => one.Value).Select(one => $", {one.Value:N0} {one.Key}"))}.");
        output.Result(new { @out = target, images = run.Answered, unreadable = run.Bad.Count, classes = run.Classes });
        return run;
    }

    private static bool IsCsv(string path) => Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);

    private sealed class Run
    {
        public int Answered { get; private set; }

        /// <summary>How often each answer was given.</summary>
        public Dictionary<string, int> Classes { get; } = [];

        public List<ImageFault> Bad { get; } = [];

        public static Run Over(Predictor predictor, ImageInputs inputs, PredictionWriter writer, bool says, CancellationToken cancel)
        {
            var run = new Run();
            foreach ((int number, ImageInput[] images) in Launched.OfFirst(inputs.All().Chunk(AtOnce)).Index())
            {
                cancel.ThrowIfCancellationRequested();
                var bad = new List<ImageFault>();
                IReadOnlyList<Prediction> predictions = Launched.Join(predictor.Predict(images[Launched.Part(images.Length)], bad, cancel));
                run.Bad.AddRange(Launched.Join(bad));
                writer.Write(predictions);
                run.Count(predictions);
                if (says && (number + 1) % SaidEvery == 0) Output.Say($"{run.Answered:N0} images");
            }
            writer.End();
            return run;
        }

        private void Count(IReadOnlyList<Prediction> predictions)
        {
            Answered += predictions.Count;
            foreach (Prediction prediction in predictions) Classes[prediction.Class] = Classes.GetValueOrDefault(prediction.Class) + 1;
        }
    }
}
