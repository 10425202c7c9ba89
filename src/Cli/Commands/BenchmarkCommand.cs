using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CnnTrainers.Cli.Benchmarking;
using Spectre.Console;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn benchmark</c>: how fast a network scores on this machine, by engine, precision and batch.</summary>
internal static class BenchmarkCommand
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private static readonly Argument<string> _target = new("model") { Description = "A model file (.zip), or an architecture, which is measured with weights that nobody trained; cnn list names them." };
    private static readonly Option<string?> _engine = CommonOptions.Engine();
    private static readonly Option<string?> _precision = new("--precision") { Description = "float32 or bfloat16. Default: float32, and bfloat16 where this processor has instructions for it." };
    private static readonly Option<int[]> _batches = new("--batch-sizes")
    {
        Description = "Images that are given at once, with commas.",
        DefaultValueFactory = _ => [1, 4, 16, 64],
        CustomParser = result =>
        {
            try
            {
                int[] sizes = [.. Numbers.Parts(result.Tokens[0].Value).Select(Numbers.Parse<int>).Distinct().Order()];
                if (sizes[0] > 0) return sizes;
            }
            catch (FormatException)
            {
            }
            result.AddError($"--batch-sizes is '{result.Tokens[0].Value}', expected whole numbers above 0 with commas between them, as in 1,8,32.");
            return [];
        },
    };

    private static readonly Option<(int Height, int Width)?> _size = CommonOptions.ImageSize("Of an architecture: the size of the images, 64, or 48x64 for height x width. Default: the architecture's.");
    private static readonly Option<int> _classes = CommonOptions.Number("--classes", "Of an architecture: the number of classes.", _ => 10, value => value >= 2, "at least 2");
    private static readonly Option<double> _seconds = CommonOptions.Positive("--seconds", "How long each figure is measured.", _ => 2.0);
    private static readonly Option<CnnDevice> _device = CommonOptions.Device();
    private static readonly Option<bool> _asJson = CommonOptions.Json();

    private sealed record Case(string Engine, string Precision);

    public static Command Create()
    {
        var command = new Command("benchmark", "Measure how many images a second a model or an architecture scores here, by engine, precision and batch.")
            { _target, _engine, _precision, _batches, _size, _classes, _seconds, _device, _asJson };
        _precision.AcceptOnlyFromAmong(CnnPrecision.Float32.Name, CnnPrecision.BFloat16.Name);
        command.SetBody(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancel)
    {
        string target = parsed.GetValue(_target)!;
        parsed.Checked(_device);
        Case[] cases = Cases(parsed);
        if (!IsFile(target)) return OfArchitecture(parsed, target, cases, cancel);
        if (!File.Exists(target)) throw new CliException($"the model file '{target}' does not exist.");
        foreach (Option option in (Option[])[_size, _classes])
            if (parsed.GetResult(option) is { Implicit: false }) throw new CliException($"{option.Name} is for an architecture: '{target}' has its own.", ExitCode.Usage);
        return cases.Length == 1 ? OfOne(parsed, target, cases[0], cancel) : OfAll(parsed, target, Path.GetFileName(target), cases, cancel);
    }

    // A name without a folder and an ending is an architecture's, unless there is such a file.
    private static bool IsFile(string target) => File.Exists(target) || Path.GetFileName(target) != target || Path.HasExtension(target);

    private static int OfArchitecture(ParseResult parsed, string name, Case[] cases, CancellationToken cancel)
    {
        CnnArchitecture architecture = Architecture(name);
        (int height, int width) = TrainCommand.ImageSize(parsed.GetValue(_size), architecture);
        string folder = Directory.CreateTempSubdirectory("cnn-benchmark-").FullName;
        try
        {
            string file = Path.Combine(folder, "model.zip");
            NewModel.Write(file, architecture, height, width, parsed.GetValue(_classes), cancel);
            return OfAll(parsed, file, $"{architecture.Name} at {height}x{width}", cases, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CnnArchitecture Architecture(string name)
    {
        try
        {
            return CnnArchitecture.Get(name);
        }
        catch (ArgumentException e)
        {
            throw new CliException($"'{name}' is no model file, and {char.ToLowerInvariant(e.Message[0])}{e.Message.Split(" (Parameter")[0][1..]}", ExitCode.Usage);
        }
    }

    private static Case[] Cases(ParseResult parsed)
    {
        string[] engines = parsed.GetValue(_engine) is { } engine ? [CnnEngine.Get(engine).Name] : [.. CnnEngine.All.Where(one => one.IsThere).Select(one => one.Name)];
        string[] precisions = parsed.GetValue(_precision) is { } precision ? [precision] : CnnPrecision.BFloat16.IsFast ? [CnnPrecision.Float32.Name, CnnPrecision.BFloat16.Name] : [CnnPrecision.Float32.Name];
        // ONNX Runtime scores in float32 alone.
        Case[] cases = [.. engines.SelectMany(one => precisions.Select(other => new Case(one, other))).Where(one => one.Engine == CnnEngine.LibTorch.Name || one.Precision == CnnPrecision.Float32.Name)];
        return cases.Length > 0 ? cases : throw new CliException($"--engine {CnnEngine.OnnxRuntime} scores in {CnnPrecision.Float32} alone, got --precision {parsed.GetValue(_precision)}.", ExitCode.Usage);
    }

    private static int OfOne(ParseResult parsed, string file, Case one, CancellationToken cancel)
    {
        Figures figures = Scoring.Measure(file, parsed.Checked(_device), CnnPrecision.Get(one.Precision), one.Engine, parsed.GetValue(_batches)!, parsed.GetValue(_seconds), cancel);
        Print(parsed, Path.GetFileName(file), [figures], []);
        return ExitCode.Well;
    }

    private static int OfAll(ParseResult parsed, string file, string title, Case[] cases, CancellationToken cancel)
    {
        var (all, failed) = (new List<Figures>(), new List<(Case Case, string Reason)>());
        foreach (Case one in cases)
        {
            Output.Say($"Measuring {one.Engine} in {one.Precision}");
            try
            {
                JsonElement json = OwnProcess.Run(
                [
                    "benchmark", file, "--engine", one.Engine, "--precision", one.Precision, "--batch-sizes", string.Join(',', parsed.GetValue(_batches)!),
                    "--seconds", parsed.GetValue(_seconds).ToString(CultureInfo.InvariantCulture), "--device", $"{parsed.GetValue(_device)}", "--json",
                ], cancel);
                all.Add(new([.. json.GetProperty("results").Deserialize<Figure[]>(_json)!], json.GetProperty("skipped").Deserialize<int[]>()!, json.GetProperty("secondsToLoad").GetDouble()));
            }
            catch (CliException e)
            {
                failed.Add((one, e.Message));
            }
        }
        if (all.Sum(one => one.Results.Count) == 0) throw new CliException(string.Join("\n", failed.Select(one => one.Reason).Distinct()));
        Print(parsed, title, all, [.. failed.Select(one => $"{one.Case.Engine} in {one.Case.Precision}: {one.Reason}")]);
        return ExitCode.Well;
    }

    private static void Print(ParseResult parsed, string title, IReadOnlyList<Figures> all, IReadOnlyList<string> failed)
    {
        var output = new Output(parsed.GetValue(_asJson));
        Figure[] figures = [.. all.SelectMany(one => one.Results)];
        int fewest = figures.Min(one => one.BatchSize);
        Figure fastest = figures.Where(one => one.BatchSize == fewest).MinBy(one => one.Milliseconds)!, most = figures.MaxBy(one => one.ImagesPerSecond)!;
        Table table = new Table().Border(TableBorder.Simple).AddColumn("engine").AddColumn("precision");
        foreach (string column in (string[])["images at once", "ms", "images/s", "memory"]) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (Figure one in figures) table.AddRow(one.Engine, one.Precision, $"{one.BatchSize}", Number(one.Milliseconds), Number(one.ImagesPerSecond), Size.Bytes(one.MemoryBytes));
        output.Line($"{title}, from pixels to probabilities, on {Versions.ProcessorName()}, {Environment.ProcessorCount} logical processors.");
        output.Table(table);
        foreach (Figures one in all.Where(one => one.Skipped.Count > 0 && one.Results.Count > 0)) output.Line($"{one.Results[0].Engine} in {one.Results[0].Precision}: {string.Join(", ", one.Skipped)} at once would have taken too long; --seconds allows more.");
        foreach (string reason in failed) output.Line($"Not measured: {reason}");
        output.Line($"Best for latency: {fastest.Engine} in {fastest.Precision}, {Number(fastest.Milliseconds)} ms for {Images(fastest)}. Best for throughput: {most.Engine} in {most.Precision}, {Number(most.ImagesPerSecond)} images/s, {Images(most)} at once.");
        output.Result(new
        {
            target = title, processor = Versions.ProcessorName(), logicalProcessors = Environment.ProcessorCount, seconds = parsed.GetValue(_seconds),
            results = figures, skipped = all.SelectMany(one => one.Skipped).Distinct().Order(), secondsToLoad = all.Max(one => one.SecondsToLoad), failed,
            bestForLatency = fastest, bestForThroughput = most,
        });
    }

    private static string Images(Figure one) => one.BatchSize == 1 ? "1 image" : $"{one.BatchSize} images";

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
