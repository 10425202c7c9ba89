using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.AllReduce;
using CnnTrainers.Bench.DataPath;
using CnnTrainers.Bench.Defaults;
using CnnTrainers.Bench.Distributed;
using CnnTrainers.Bench.Fuzz;
using CnnTrainers.Bench.Scoring;
using CnnTrainers.Bench.Serving;
using CnnTrainers.Bench.Training;

namespace CnnTrainers.Bench.Harness;

/// <summary>The hidden verb by which this program starts itself once for every measurement.</summary>
internal static class ChildCommand
{
    public static Command Create()
    {
        var arguments = new Argument<string[]>("what") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("child", "One measurement; prints one line of JSON.") { arguments };
        command.Hidden = true;
        command.SetAction(parsed => Contest.Print(Measure(parsed.GetValue(arguments)!)));
        return command;
    }

    private static Measurement Measure(string[] what) => what switch
    {
        ["datapath", var folder, var mode, var passes, var repeat] => DataPathWork.Measure(folder, mode, int.Parse(passes), int.Parse(repeat)),
        ["allocation", var folder, var mode] => AllocationWork.Measure(folder, mode),
        ["fuzz", var file, var count] => FuzzWork.Measure(file, int.Parse(count)),
        ["step", .. var step] => StepWork.Measure(StepArguments.Parse(step)),
        ["step-parts", .. var step] => StepWork.Parts(StepArguments.Parse(step)),
        ["plain-step", .. var step] => PlainStepWork.Measure(StepArguments.Parse(step)),
        ["fit", .. var fit] => FitWork.Measure(FitArguments.Parse(fit)),
        ["weights", var network, var file] => RandomWeights.Write(network, file),
        ["score", .. var score] => ScoreWork.Measure(ScoreArguments.Parse(score)),
        ["predict", .. var predict] => PredictWork.Measure(ScoreArguments.Parse(predict)),
        ["score-onnx", .. var score] => OnnxScoreWork.Measure(ScoreArguments.Parse(score)),
        ["allreduce", var seconds] => AllReduceWork.Times(double.Parse(seconds, CultureInfo.InvariantCulture)),
        ["allreduce-bytes", var megabytes] => AllReduceWork.Bytes(int.Parse(megabytes)),
        ["shared-fit", var threads, var batch] => SharedFitWork.Measure(int.Parse(threads), int.Parse(batch)),
        ["serve-models", var weights, var folder] => ServedFiles.Write(weights, folder),
        ["serve", var folder, var connections, var seconds] => ServeWork.Closed(folder, int.Parse(connections), double.Parse(seconds, CultureInfo.InvariantCulture)),
        ["serve-paced", var folder, var rate, var seconds] => ServeWork.Open(folder, double.Parse(rate, CultureInfo.InvariantCulture), double.Parse(seconds, CultureInfo.InvariantCulture)),
        ["serve-soak", var folder, var minutes] => Soak.Measure(folder, double.Parse(minutes, CultureInfo.InvariantCulture)),
        ["default-rate", .. var fit] => DefaultsWork.Measure(DefaultsArguments.Parse(fit)),
        _ => throw new BenchException($"There is no measurement '{string.Join(' ', what)}'."),
    };
}
