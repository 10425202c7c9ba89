using System.Globalization;
using CnnTrainers.Cli.Comparing;
using Microsoft.ML;
using Spectre.Console;

namespace CnnTrainers.Cli.Running;

/// <summary><c>cnn train --dry-run</c>: some batches through everything, and what the whole run would take. Nothing of it is left.</summary>
internal static class DryRun
{
    /// <summary>Tries a run.</summary>
    /// <param name="request">What was asked for, complete.</param>
    /// <param name="probe">Trains for some steps, and gives the trained model away.</param>
    /// <param name="target">The model file that would be written.</param>
    /// <param name="testImages">Images that the model would be measured on.</param>
    /// <param name="elapsed">Seconds that the run has taken so far.</param>
    /// <param name="output">Where the result goes.</param>
    public static int Run(TrainRequest request, Func<Action<TrainedModel>, TrainingProbe> probe, string target, int testImages, double elapsed, Output output)
    {
        long modelBytes = 0;
        TrainingProbe found = probe(model => modelBytes = Save(model, target));
        (int epochs, double perEpoch) = (request.Options.Epochs, found.SecondsPerEpoch(request.Options.Epochs));
        double around = elapsed + found.SecondsToBegin + found.SecondsToEnd(testImages, request.Report is not null), all = around + epochs * perEpoch;
        long free = Machine.FreeBytes;
        string memory = Size.Bytes(found.MemoryBytes)!;

        output.Line($"Dry run of {request.Architecture.Name} at {request.SizeText}: some batches were read, changed, learned from, validated on where there is validation, and the model was saved to the folder of {target} and removed.");
        Table table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("");
        foreach ((string name, string value) in (IEnumerable<(string, string)>)
        [
            ("images", $"{found.Images:N0} to train on, {found.ValidationImages:N0} to validate on{(testImages > 0 ? $", {testImages:N0} to test on" : "")}"),
            ("a step", $"{Seconds(found.SecondsPerStep)}, {request.Options.BatchSize} images ({(request.Options.BatchSize * request.Options.AccumulationSteps / found.SecondsPerStep).ToString("0", CultureInfo.InvariantCulture)} images/s)"),
            ("an epoch", $"{Seconds(perEpoch)}, {found.StepsPerEpoch:N0} steps and validation"),
            ("in all", $"{Seconds(all)}, {epochs} epochs; {Seconds(around)} of it before and after them"),
            ("memory", $"{memory}; {Size.Bytes(free)} are free"),
            ("model file", Size.Bytes(modelBytes)!),
        ])
            table.AddRow(name, Markup.Escape(value));
        output.Table(table);
        if (found.MemoryBytes > free + Machine.PeakBytes) output.Line($"The memory may not be enough: a smaller --batch-size or --image-size needs less.");
        output.Result(new
        {
            dryRun = true,
            architecture = request.Architecture.Name,
            imageSize = request.SizeText,
            images = found.Images,
            validationImages = found.ValidationImages,
            testImages,
            batchSize = request.Options.BatchSize,
            stepsPerEpoch = found.StepsPerEpoch,
            secondsPerStep = found.SecondsPerStep,
            epochs,
            secondsPerEpoch = perEpoch,
            seconds = all,
            memoryBytes = found.MemoryBytes,
            freeMemoryBytes = free,
            modelBytes,
        });
        return ExitCode.Well;
    }

    /// <summary>A time for a table: 3.5 ms, 0.35 s, 12 s, 12:30.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 0.1 => (1000 * seconds).ToString("0.0", CultureInfo.InvariantCulture) + " ms",
        < 10 => seconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
        < 60 => seconds.ToString("0", CultureInfo.InvariantCulture) + " s",
        _ => Duration.Text(TimeSpan.FromSeconds(seconds)),
    };

    private static long Save(TrainedModel model, string target)
    {
        string file = $"{target}.{Guid.NewGuid():N}.proof";
        try
        {
            ModelFile.Save(new MLContext(), model, file);
            return new FileInfo(file).Length;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
