using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using Microsoft.ML;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn export</c>: the network of a model file as ONNX, or its weights alone, as a file of their own.</summary>
internal static class ExportCommand
{
    private const string Onnx = ".onnx", SafeTensors = ".safetensors";

    public static Command Create()
    {
        var model = CommonOptions.Model();
        var file = new Option<string>("--out") { Description = $"The file to write: NAME{Onnx} for the network, NAME{SafeTensors} for its weights alone.", Required = true };
        var logits = new Option<bool>("--logits") { Description = "ONNX: the network's own outputs in place of probabilities." };
        var noCheck = new Option<bool>("--no-check") { Description = "ONNX: do not run the file by ONNX Runtime to compare its answers with the network's." };
        var json = CommonOptions.Json();
        var command = new Command("export", "Write the network of a model file as ONNX, or its weights alone, for other programs.") { model, file, logits, noCheck, json };
        command.SetBody((parsed, _) =>
        {
            (string path, var output) = (parsed.GetValue(file)!, new Output(parsed.GetValue(json)));
            var options = new OnnxOptions { Logits = parsed.GetValue(logits), Check = !parsed.GetValue(noCheck) };
            return Path.GetExtension(path) switch
            {
                Onnx => Network(parsed.GetValue(model)!, path, options, output),
                SafeTensors when options.Logits || !options.Check => throw new CliException($"--logits and --no-check are for networks, expected an --out that ends with {Onnx}, got '{path}'.", ExitCode.Usage),
                SafeTensors => Weights(parsed.GetValue(model)!, path, output),
                _ => throw new CliException($"--out is '{path}', expected a name that ends with {Onnx} (the network) or {SafeTensors} (its weights).", ExitCode.Usage),
            };
        });
        return command;
    }

    private static int Network(string modelPath, string path, OnnxOptions options, Output output)
    {
        Writable.File("--out", path, "model.onnx");
        var ml = new MLContext();
        ITransformer model = ModelFile.Load(ml, modelPath, out _);
        using var owned = model as IDisposable;
        CnnTransformer[] networks = [.. ModelFile.Networks(model)];
        if (networks is not [var network]) throw new CliException($"'{modelPath}' has {networks.Length} networks in it, expected one.");
        OnnxAgreement? agreement = network.SaveOnnx(path, options);
        long bytes = new FileInfo(path).Length;
        (int channels, int height, int width) = network.ImageShape;
        output.Line($"{path}: {bytes / 1048576.0:0.0} MB, {network.Architecture.Name} with {network.ClassNames.Count} classes");
        output.Line($"in    {network.FeatureColumnName}: float32, N×{channels}×{height}×{width}, pixels from 0 to 255 as LoadPixels makes them; normalisation is inside");
        output.Line($"out   {network.ScoreColumnName}: float32, N×{network.ClassNames.Count}, {(options.Logits ? "logits" : "probabilities")}; {network.PredictedLabelColumnName}: text, N");
        output.Line(agreement is null
            ? "not checked"
            : string.Create(CultureInfo.InvariantCulture, $"checked by ONNX Runtime {agreement.RuntimeVersion}: on {agreement.Images} images of noise its answers differ by at most {agreement.LargestDifference:0.0e+0}"));
        output.Result(new
        {
            model = modelPath,
            onnx = path,
            bytes,
            input = new { name = network.FeatureColumnName, shape = (int[])[-1, channels, height, width] },
            outputs = (string[])[network.ScoreColumnName, network.PredictedLabelColumnName],
            classes = network.ClassNames,
            check = agreement,
        });
        return ExitCode.Well;
    }

    private static int Weights(string modelPath, string path, Output output)
    {
        Writable.File("--out", path, "weights.safetensors");
        if (!File.Exists(modelPath)) throw new CliException($"the model file '{modelPath}' does not exist.");
        try
        {
            WholeFile.Write(path, file => Copy(modelPath, file));
        }
        catch (InvalidDataException e)
        {
            throw new CliException($"'{modelPath}' cannot be read as a model file: {e.Message}");
        }
        output.Line($"{path}: {new FileInfo(path).Length / 1048576.0:0.0} MB");
        output.Result(new { model = modelPath, weights = path, bytes = new FileInfo(path).Length });
        return ExitCode.Well;
    }

    // A model file holds the weights in this very form (docs/model-file.md), so no network needs to be built.
    private static void Copy(string modelPath, string target)
    {
        using ZipArchive model = ZipFile.OpenRead(modelPath);
        ZipArchiveEntry[] weights = [.. model.Entries.Where(e => e.Name == "Weights.safetensors")];
        if (weights.Length != 1) throw new CliException($"'{modelPath}' has {weights.Length} networks in it, expected one.");
        using Stream source = weights[0].Open();
        using FileStream copy = File.Create(target);
        source.CopyTo(copy);
        if (copy.Length != weights[0].Length) throw new InvalidDataException($"its weights should have {weights[0].Length:N0} bytes, got {copy.Length:N0}.");
    }
}
