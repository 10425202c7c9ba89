using System.CommandLine;
using System.IO.Compression;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn export</c>: the weights of a model file as a file of their own.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model();
        var file = new Option<string>("--out") { Description = "The file to write: NAME.safetensors.", Required = true };
        var json = CommonOptions.Json();
        var command = new Command("export", "Take the network's weights out of a model file, for PyTorch and other programs.") { model, file, json };
        command.SetBody((parsed, _) => Run(parsed.GetValue(model)!, parsed.GetValue(file)!, new Output(parsed.GetValue(json))));
        return command;
    }

    private static int Run(string modelPath, string path, Output output)
    {
        if (Path.GetExtension(path) != ".safetensors") throw new CliException($"--out is '{path}', expected a name that ends with .safetensors.", ExitCode.Usage);
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
