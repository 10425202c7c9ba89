using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CnnTrainers.Cli.Predicting;
using CnnTrainers.Pipelines;
using Microsoft.ML;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn demo</c>: the whole way on Fashion-MNIST, from image files to predictions of a saved model.</summary>
internal static class DemoCommand
{
    private const int AllTestImages = 10_000;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "The folder of Fashion-MNIST's IDX files. Default: Debian's, else the user's cache, else a download." };
        var folder = new Option<string>("--out", "-o") { Description = "Where images and the model are written.", DefaultValueFactory = _ => "cnn-demo" };
        var images = CommonOptions.Positive("--images", "Images to train on, of 60,000; as many test images, of 10,000. A few hundred show in seconds that all works.", _ => 10_000);
        var epochs = CommonOptions.Positive("--epochs", "Passes over the training images.", _ => 5);
        var seed = CommonOptions.Number("--seed", "Seed of the run.", _ => 1);
        var json = CommonOptions.Json();
        var command = new Command("demo", "Train resnet18 on images of Fashion-MNIST, save it, load it in a new process, evaluate and predict.")
            { data, folder, images, epochs, seed, json };
        command.SetBody((parsed, cancel) => Run(
            parsed.GetValue(data), parsed.GetValue(folder)!, parsed.GetValue(images), parsed.GetValue(epochs), parsed.GetValue(seed), new Output(parsed.GetValue(json)), cancel));
        return command;
    }

    private static int Run(string? idxFolder, string folder, int images, int epochs, int seed, Output output, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        Writable.Folder("--out", folder);
        string train = Path.Combine(folder, "train"), test = Path.Combine(folder, "test"), file = Path.Combine(folder, "fashion-mnist.zip");
        int testImages = Math.Min(images, AllTestImages);
        RefuseMore(train, images);
        RefuseMore(test, testImages);
        Output.Say($"1. Writing Fashion-MNIST as PNG files to {folder}");
        WriteImages(idxFolder, "train", train, images, cancel);
        WriteImages(idxFolder, "t10k", test, testImages, cancel);

        Output.Say("2. Training");
        var ml = new MLContext(seed);
        var options = new CnnTrainerOptions { FeatureColumnName = "Pixels", Epochs = epochs, RandomHorizontalFlip = true, Seed = seed, CancellationToken = cancel };
        TrainedModel model = Training.Run(ml, DataSet.Open(train, DataPart.Train), null, CnnArchitecture.Get("resnet18"), 32, 32, options);

        Output.Say(string.Create(CultureInfo.InvariantCulture, $"3. Evaluating on {testImages:N0} test images"));
        Evaluation evaluation = Evaluation.Of(ml, model.Transformer, DataSet.Open(test, DataPart.Test));
        evaluation.Print(output);
        ModelFile.Save(ml, model, Path.GetFullPath(file));
        (model.Transformer as IDisposable)?.Dispose();

        Output.Say($"4. Saved {file}; loading it in a new process and evaluating again");
        CheckInNewProcess(file, test, evaluation, cancel);
        output.Line("The new process measured the same accuracy and log loss.");
        ShowPredictions(file, test, output);
        output.Line($"Try: cnn predict {file} {Path.Combine(test, "Sneaker", "00009.png")} --top 3");
        output.Result(new
        {
            build = Versions.Packages,
            accuracy = evaluation.Metrics.MicroAccuracy,
            macroAccuracy = evaluation.Metrics.MacroAccuracy,
            logLoss = evaluation.Metrics.LogLoss,
            seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
            imagesPerSecond = Math.Round(model.Best.ImagesPerSecond, 1),
            model = file,
        });
        return ExitCode.Well;
    }

    // Images of an earlier demo with more of them would be trained on too.
    private static void RefuseMore(string folder, int count)
    {
        int there = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count() : 0;
        if (there > count) throw new CliException($"--out: '{folder}' has {there} files, more than the {count} images to be written. Remove it or choose another folder.", ExitCode.Usage);
    }

    private static void WriteImages(string? idxFolder, string part, string folder, int count, CancellationToken cancel)
    {
        IdxDataset images = idxFolder is null ? KnownData.Read(KnownDataset.FashionMnist, part, cancel) : IdxDataset.Read(ImagesIn(idxFolder, part), classNames: IdxDataset.FashionMnistClasses);
        images.WritePng(folder, count, cancel);
    }

    private static string ImagesIn(string idxFolder, string part)
    {
        if (!Directory.Exists(idxFolder)) throw new CliException($"Fashion-MNIST is not in '{idxFolder}', which does not exist.");
        return Directory.EnumerateFiles(idxFolder, $"{part}-images-idx3-ubyte*").FirstOrDefault() ?? throw new CliException($"'{idxFolder}' has no file {part}-images-idx3-ubyte(.gz).");
    }

    private static void CheckInNewProcess(string file, string test, Evaluation expected, CancellationToken cancel)
    {
        using Process process = Process.Start(OwnProcess.Info("evaluate", file, test, "--json"))!;
        using CancellationTokenRegistration kill = cancel.Register(() => process.Kill(entireProcessTree: true));
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        if (process.ExitCode != 0) throw new CliException("evaluating in a new process failed.");
        JsonElement loaded = JsonDocument.Parse(answer).RootElement;
        double accuracy = loaded.GetProperty("accuracy").GetDouble(), logLoss = loaded.GetProperty("logLoss").GetDouble();
        if (accuracy != expected.Metrics.MicroAccuracy || logLoss != expected.Metrics.LogLoss)
            throw new CliException($"the loaded model measures accuracy {accuracy} and log loss {logLoss}, the trained one {expected.Metrics.MicroAccuracy} and {expected.Metrics.LogLoss}.");
    }

    private static void ShowPredictions(string file, string test, Output output)
    {
        if (output.Json) return;
        var ml = new MLContext();
        ITransformer model = ModelFile.Load(ml, file, out DataViewSchema schema);
        using var owned = model as IDisposable;
        string[] files = [.. IdxDataset.FashionMnistClasses.Take(5).SelectMany(c => Directory.EnumerateFiles(Path.Combine(test, c)).Order(StringComparer.Ordinal).Take(1))];
        output.Line("A few predictions:");
        foreach (Prediction p in new Predictor(ml, model, schema, top: 3).Predict([.. files.Select(file => new ImageInput(file, file))]))
            output.Line($"  {Path.GetRelativePath(test, p.Image),-22} {string.Join("   ", p.Classes.Select(c => $"{c.Class} {c.Probability:0.000}"))}");
    }
}
