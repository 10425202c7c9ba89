using System.CommandLine;
using System.Globalization;
using CnnTrainers.Cli.Predicting;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn explain</c>: a model file and images in, pictures of what in the images speaks for a class out.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model();
        var files = new Argument<string[]>("images") { Description = "Image files, folders, patterns, lists, as for cnn predict.", Arity = ArgumentArity.OneOrMore };
        var folder = new Option<string>("--out", "-o") { Description = "The folder that the pictures are written to, as PNG files.", Required = true };
        var className = new Option<string?>("--class") { Description = "The class to explain. Default: the one predicted for each image." };
        var device = CommonOptions.Device();
        var json = CommonOptions.Json();
        var command = new Command("explain", "Show where in images the evidence for a class is (Grad-CAM).") { model, files, folder, className, device, json };
        command.SetBody((parsed, cancel) => Run(
            parsed.GetValue(model)!, parsed.GetValue(files)!, parsed.GetValue(folder)!, parsed.GetValue(className), parsed.Checked(device), new Output(parsed.GetValue(json)), cancel));
        return command;
    }

    private static int Run(string modelPath, string[] words, string folder, string? className, CnnDevice device, Output output, CancellationToken cancel)
    {
        Writable.Folder("--out", folder);
        using var inputs = new ImageInputs(words);
        var ml = new MLContext();
        ITransformer model = ModelFile.Load(ml, modelPath, device, CnnPrecision.Float32, null, out DataViewSchema schema);
        using var owned = model as IDisposable;
        ImageInput[] images = [.. inputs.All()];
        var bad = new List<ImageFault>();
        ImageInputs.Whole(images, bad, cancel);
        if (inputs.Wrong(bad, images.Length) is { } wrong) throw new CliException(wrong);

        IDataView rows = Predictor.Rows(ml, model, schema, [.. images.Select(image => image.Path)]);
        IReadOnlyList<string> classes = Evaluation.ClassNames(model.GetOutputSchema(rows.Schema));
        if (className is not null && !classes.Contains(className))
            throw new CliException($"--class: the model has no class '{className}'. Its classes: {string.Join(", ", classes.Order(NaturalOrder.Comparer))}", ExitCode.Usage);
        Directory.CreateDirectory(folder);
        var written = new List<Picture>();
        foreach ((ImageInput image, ActivationMap map) in images.Zip(GradCam.Explain(model, rows, className)))
        {
            cancel.ThrowIfCancellationRequested();
            string picture = Free(folder, $"{Path.GetFileNameWithoutExtension(image.Name)}.{Safe(map.Class)}", written);
            using MLImage drawn = map.Draw();
            drawn.Save(picture);
            written.Add(new Picture(image.Name, picture, map.Class, map.Probability, map.PredictedClass));
            output.Line(string.Create(CultureInfo.InvariantCulture, $"{picture}   {map.Class} {map.Probability:0.000}{(map.Class == map.PredictedClass ? "" : $", predicted {map.PredictedClass}")}"));
        }
        output.Result(written);
        return ExitCode.Well;
    }

    private sealed record Picture(string Image, string File, string Class, float Probability, string PredictedClass);

    // Images of one name from several folders get pictures of their own; those of an earlier run are replaced.
    private static string Free(string folder, string name, List<Picture> written)
    {
        string path = Path.Combine(folder, $"{name}.png");
        for (int n = 2; written.Exists(p => p.File == path); n++) path = Path.Combine(folder, $"{name}-{n}.png");
        return path;
    }

    private static string Safe(string name) => string.Concat(name.Select(c => Path.GetInvalidFileNameChars().Contains(c) ? '_' : c));
}
