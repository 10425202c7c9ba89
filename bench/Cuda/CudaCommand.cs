using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Bench.Training;
using TorchSharp;

namespace CnnTrainers.Bench.Cuda;

/// <summary><c>bench cuda</c>: images per second of the training step on an NVIDIA card, next to plain TorchSharp and PyTorch on the same card.</summary>
/// <remarks>In one process, but for PyTorch: a card has one program's work at a time, and the processor hardly counts.</remarks>
internal static class CudaCommand
{
    private const int WarmUpSteps = 20;

    private static readonly TrainingCase[] _cases =
    [
        new("resnet18", 224, 64, TrainingCase.BFloat16, 0),
        new("resnet18", 224, 256, TrainingCase.BFloat16, 0),
        new("densenet121", 224, 64, TrainingCase.BFloat16, 0),
        new("vgg11", 224, 64, TrainingCase.BFloat16, 0),
    ];

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Alternating runs of each.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds that are timed.", DefaultValueFactory = _ => 3 };
        var python = new Option<string>("--python") { Description = "A Python with PyTorch for CUDA and torchvision.", DefaultValueFactory = _ => "python3" };
        var only = new Option<string?>("--only") { Description = "One network alone." };
        only.AcceptOnlyFromAmong([.. _cases.Select(one => one.Network).Distinct()]);
        var command = new Command("cuda", "The training step on an NVIDIA card, next to plain TorchSharp and PyTorch.") { runs, seconds, python, only };
        command.SetAction(parsed => Run(parsed.GetValue(runs), parsed.GetValue(seconds), parsed.GetValue(python)!, parsed.GetValue(only)));
        return command;
    }

    private static void Run(int runs, double seconds, string python, string? only)
    {
        CnnDevice device = CnnDevice.Cuda();
        if (!device.IsThere(out string? why))
            throw new BenchException($"There is no card: {why}");
        CudaCard card = CnnDevice.Cards[0];
        Console.WriteLine($"{card.Name}, compute capability {card.ComputeCapability}, libtorch {torch.__version__}; images per second, medians of {runs} alternating runs of {seconds} s");
        Console.WriteLine("| network | input | ours bfloat16 | ours float32 | TorchSharp float32 | PyTorch bfloat16, channels last | PyTorch float32 | ours bfloat16 to TorchSharp | ours to PyTorch, bfloat16 | float32 |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (TrainingCase one in _cases.Where(one => only is null || one.Network == only))
        {
            var columns = new Func<double>[]
            {
                () => Ours(one, TrainingCase.BFloat16), () => Ours(one, TrainingCase.Float32), () => PlainStepWork.Measure(Arguments(one)).Rate,
                () => PyTorch(one, "cuda", "bfloat16"), () => PyTorch(one, "cuda"),
            };
            var rates = columns.Select(_ => new List<double>()).ToArray();
            for (int run = 0; run < runs; run++)
                for (int at = 0; at < columns.Length; at++)
                    rates[at].Add(columns[at]());
            double[] median = [.. rates.Select(list => Spread.Of(list).Median)];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {one.Network} | {one.Size}×{one.Size}, batch {one.Batch} | {string.Join(" | ", rates.Select(list => Spread.Of(list).Text("0")))} | {median[0] / median[2]:0.00} | {median[0] / median[3]:0.00} | {median[1] / median[4]:0.00} |"));
        }

        StepArguments Arguments(TrainingCase one) => new(one, WarmUpSteps, seconds) { Device = device };
        double Ours(TrainingCase one, string precision) => StepWork.Measure(Arguments(one with { Precision = precision })).Rate;
        double PyTorch(TrainingCase one, params string[] how)
        {
            string[] command = [python, Checkout.PathOf("peers", "train.py"), one.Network, $"{one.Size}", $"{one.Batch}", $"{WarmUpSteps}", seconds.ToString(CultureInfo.InvariantCulture), .. how];
            using JsonDocument json = JsonDocument.Parse(Contest.Output(command, "PyTorch").Trim().Split('\n')[^1]);
            return json.RootElement.GetProperty("rates")[0].GetDouble();
        }
    }
}
