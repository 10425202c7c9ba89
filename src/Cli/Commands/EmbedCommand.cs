using System.CommandLine;
using System.Text;
using CnnTrainers.Cli.Predicting;
using CnnTrainers.Pipelines;
using Microsoft.ML;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn embed</c>: a model file and images in, their features out.</summary>
internal static class EmbedCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model();
        var images = new Argument<string[]>("images") { Description = "Image files, folders, patterns, lists, as for cnn predict.", Arity = ArgumentArity.OneOrMore };
        var file = new Option<string>("--out", "-o") { Description = "The .csv file to write: a line for each image, its features in columns.", Required = true };
        var engine = CommonOptions.Engine();
        var device = CommonOptions.Device();
        var json = CommonOptions.Json();
        var command = new Command("embed", "Write the features of images: what the network's last layer gets of each.") { model, images, file, device, engine, json };
        command.SetBody((parsed, cancel) =>
        {
            string path = parsed.GetValue(file)!;
            if (!Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase)) throw new CliException($"--out is '{path}', expected a name that ends with .csv.", ExitCode.Usage);
            Writable.File("--out", path, "features.csv");
            using var inputs = new ImageInputs(parsed.GetValue(images)!);
            var ml = new MLContext();
            ITransformer loaded = ModelFile.Load(ml, parsed.GetValue(model)!, parsed.Checked(device), CnnPrecision.Float32, parsed.GetValue(engine), out DataViewSchema schema);
            using var owned = loaded as IDisposable;
            using var embedder = new Embedder(ml, loaded, schema, parsed.GetValue(model)!);
            return Run(embedder, inputs, path, new Output(parsed.GetValue(json)), cancel);
        });
        return command;
    }

    private static int Run(Embedder embedder, ImageInputs inputs, string path, Output output, CancellationToken cancel)
    {
        var bad = new List<ImageFault>();
        (int count, int features) = (0, 0);
        WholeFile.Write(path, unfinished =>
        {
            using var writer = new StreamWriter(unfinished, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            foreach (Embedding one in embedder.Of(inputs.All(), bad, cancel))
            {
                if (count++ == 0) writer.Write(Csv.Line(["image", .. Enumerable.Range(0, features = one.Features.Length).Select(i => (object)$"f{i}")]) + "\n");
                writer.Write(Csv.Line([one.Image.Name, .. one.Features.Select(value => (object)value)]) + "\n");
            }
            if (count == 0) throw new CliException(inputs.Wrong(bad, bad.Count) ?? "there is no image.");
        });
        output.Line($"Wrote {path}: {count:N0} images, {features} features each.");
        output.Result(new { @out = path, images = count, features, unreadable = bad.Count });
        return inputs.Wrong(bad, count + bad.Count) is { } wrong ? throw new CliException(wrong) : ExitCode.Well;
    }
}
