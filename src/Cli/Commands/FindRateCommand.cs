using System.CommandLine;
using System.Globalization;
using CnnTrainers.Pipelines;
using Microsoft.ML;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn find-rate</c>: which learning rate suits a network and a data set, with the curve that says so.</summary>
internal static class FindRateCommand
{
    private static readonly LearningRateSweep _defaults = new();

    public static Command Create()
    {
        var data = new Argument<string>("data") { Description = "The data set, as for cnn train." };
        var arch = new Option<string>("--arch") { Description = "The architecture; cnn list names them.", DefaultValueFactory = _ => "resnet18" };
        var size = CommonOptions.ImageSize("64, or 48x64 for height x width. Default: the architecture's.");
        var batch = CommonOptions.Positive("--batch-size", "Images per step; the best rate depends on it.", _ => new CnnTrainerOptions().BatchSize);
        var optimizer = new Option<string>("--optimizer") { Description = "What updates the weights; the best rate depends on it.", DefaultValueFactory = _ => CnnOptimizer.Sgd.Name };
        optimizer.AcceptOnlyFromAmong([.. CnnOptimizer.All.Select(one => one.Name)]);
        var from = CommonOptions.Positive("--from", "The first rate.", _ => _defaults.From);
        var to = CommonOptions.Positive("--to", "The last rate.", _ => _defaults.To);
        var steps = CommonOptions.Positive("--steps", "Steps, each at a higher rate.", _ => _defaults.Steps);
        var output = new Option<string>("--out", "-o") { Description = "The picture of the curve to write.", DefaultValueFactory = _ => "learning-rate.svg" };
        var device = CommonOptions.Device();
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var command = new Command("find-rate", "Find a learning rate: train a little at each of many rates and draw the loss.")
            { data, arch, size, batch, optimizer, from, to, steps, output, device, seed, json };
        command.SetBody((parsed, cancel) =>
        {
            CnnArchitecture architecture = TrainCommand.Architecture(parsed.GetValue(arch)!);
            (int height, int width) = TrainCommand.ImageSize(parsed.GetValue(size), architecture);
            var sweep = new LearningRateSweep { From = parsed.GetValue(from), To = parsed.GetValue(to), Steps = parsed.GetValue(steps) };
            var options = new CnnTrainerOptions
            {
                FeatureColumnName = "Pixels", BatchSize = parsed.GetValue(batch), Optimizer = CnnOptimizer.Get(parsed.GetValue(optimizer)!),
                Device = parsed.Checked(device), Seed = parsed.GetValue(seed), CancellationToken = cancel,
            };
            Check(options.Validate, sweep.Validate);
            string target = Writable.File("--out", parsed.GetValue(output)!, "learning-rate.svg");
            LearningRateCurve curve = Run(parsed.GetValue(data)!, architecture, height, width, options, sweep);
            Write(curve, architecture, target, new Output(parsed.GetValue(json)));
            return ExitCode.Well;
        });
        return command;
    }

    private static void Check(params Action[] validations)
    {
        try
        {
            foreach (Action validate in validations) validate();
        }
        catch (ArgumentException e)
        {
            throw new CliException(e.Message, ExitCode.Usage);
        }
    }

    private static LearningRateCurve Run(string path, CnnArchitecture architecture, int height, int width, CnnTrainerOptions options, LearningRateSweep sweep)
    {
        DataSet data = DataSet.OpenChecked(path, DataPart.Train, Unreadable.Refused, options.CancellationToken);
        var ml = new MLContext(options.Seed);
        IDataView rows = data.Load(ml);
        Output.Say($"{architecture.Name} at {height}x{width} on {data.Count:N0} images of {data.Path}: {sweep.Steps} steps of {options.BatchSize} images");
        IDataView pixels = data.Pixels(ml, height, width).Fit(rows).Transform(rows);
        return ml.MulticlassClassification.Trainers.Cnn(architecture, options).FindLearningRate(pixels, sweep);
    }

    private static void Write(LearningRateCurve curve, CnnArchitecture architecture, string target, Output output)
    {
        WholeFile.Write(target, Draw(curve, architecture).Save);
        output.Line(string.Create(CultureInfo.InvariantCulture, $"Learning rate {curve.Suggestion:G2}. The loss is lowest at {curve.Minimum:G2}{(curve.Diverged ? " and diverges soon after" : "")}."));
        output.Line(string.Create(CultureInfo.InvariantCulture, $"Wrote {target}. Next: cnn train DATA --arch {architecture.Name} --learning-rate {curve.Suggestion:G2}"));
        output.Result(new
        {
            architecture = architecture.Name,
            suggestion = curve.Suggestion,
            minimum = curve.Minimum,
            diverged = curve.Diverged,
            picture = target,
            points = curve.Points.Select(point => new { learningRate = point.LearningRate, loss = point.Loss, smoothedLoss = point.SmoothedLoss }),
        });
    }

    private static LineChart Draw(LearningRateCurve curve, CnnArchitecture architecture)
    {
        // Before the rate does anything and after the loss has exploded there is nothing to see.
        double low = curve.Points.Min(point => point.SmoothedLoss), start = curve.Points[0].SmoothedLoss, top = Math.Max(start, low) + 0.5 * (start - low) + 1e-3;
        return new LineChart
        {
            Title = $"Learning rates for {architecture.Name}",
            XLabel = "learning rate", YLabel = "loss", XLogarithmic = true, YTo = top, YFrom = low - 0.1 * (top - low),
            Series =
            [
                new LineSeries("smoothed loss", [.. curve.Points.Select(point => (point.LearningRate, point.SmoothedLoss))]),
                new LineSeries(string.Create(CultureInfo.InvariantCulture, $"suggestion {curve.Suggestion:G2}"), [(curve.Suggestion, low), (curve.Suggestion, top)]) { Dashed = true },
            ],
        };
    }
}
