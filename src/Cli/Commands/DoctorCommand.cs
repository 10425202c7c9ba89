using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Spectre.Console;
using TorchSharp;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn doctor</c>: what this build is made of, and whether it works.</summary>
internal static class DoctorCommand
{
    private const double Near = 0.01; // scores of a card, whose sums have no order

    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new Command("doctor", "Show versions, threads, precision and CUDA support, and prove that the build works.") { json };
        command.SetBody((parsed, cancel) => Run(new Output(parsed.GetValue(json)), cancel));
        return command;
    }

    private static int Run(Output output, CancellationToken cancel)
    {
        var facts = new Dictionary<string, string>
        {
            ["version"] = Versions.Product,
            ["build"] = Versions.Packages,
            ["runtime"] = Versions.Runtime,
            ["processor"] = Versions.Processor,
        };
        if (LibTorch.Libstdcxx is { } libstdcxx) facts["libstdc++"] = libstdcxx;
        facts["libtorch"] = torch.__version__;
        facts["kernels"] = CnnKernels.Description;
        facts["precision"] = CnnPrecision.BFloat16.IsFast ? "float32, bfloat16" : "float32; bfloat16 gains nothing here";
        IReadOnlyList<CnnDevice> cards = Cards(facts);
        double seconds = Prove(CnnDevice.Cpu, cancel);
        facts["threads"] = Versions.Threads;
        Table table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("");
        foreach ((string name, string value) in facts) table.AddRow(Markup.Escape(name), Markup.Escape(value));
        output.Table(table);

        output.Line($"A small network was trained for two steps, saved, loaded and scored in {seconds:0.0} s.");
        foreach (CnnDevice card in cards) output.Line($"The same on {card} took {Prove(card, cancel):0.0} s.");
        output.Line("ok");
        output.Result(new { ok = true, facts });
        return ExitCode.Well;
    }

    // The cards that the driver tells of, and those of them that libtorch can use.
    private static IReadOnlyList<CnnDevice> Cards(Dictionary<string, string> facts)
    {
        bool usable = CnnDevice.Cuda().IsThere(out string? why);
        foreach (CudaCard card in CnnDevice.Cards)
            facts[$"cuda:{card.Index}"] = string.Create(CultureInfo.InvariantCulture, $"{card.Name}, {card.MemoryBytes / 1073741824.0:0.0} GiB, compute capability {card.ComputeCapability}");
        if (CnnDevice.DriverCuda is { } newest) facts["driver"] = $"NVIDIA's, for CUDA up to {newest}";
        facts["CUDA"] = usable ? $"used, unless --device cpu is given{(torch.cuda.is_cudnn_available() ? "" : "; cuDNN is missing, which makes it slow")}"
            : CnnDevice.DriverCuda is null ? "not used: NVIDIA's driver is not on this machine" : $"not used: {why}";
        return usable ? [.. Enumerable.Range(0, torch.cuda.device_count()).Select(CnnDevice.Cuda)] : [];
    }

    private sealed class Row
    {
        [Microsoft.ML.Data.VectorType(1, 32, 32)]
        public float[] Pixels { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private static double Prove(CnnDevice device, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var ml = new MLContext(seed: 1);
        var random = new Random(1);
        Row[] rows = [.. Enumerable.Range(0, 8).Select(i => new Row
        {
            Pixels = [.. Enumerable.Range(0, 32 * 32).Select(_ => (float)random.Next(i % 2 == 0 ? 128 : 255))],
            Label = i % 2 == 0 ? "dark" : "light",
        })];
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        var options = new CnnTrainerOptions { FeatureColumnName = "Pixels", Epochs = 2, BatchSize = 8, ValidationFraction = 0, Seed = 1, Device = device, CancellationToken = cancel };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get("lenet5"), options));
        using var model = pipeline.Fit(data);

        using var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        using var owned = loaded as IDisposable;
        foreach (CnnTransformer network in ModelFile.Networks(loaded)) network.Device = device;
        if (Scores(model, data).Zip(Scores(loaded, data)).Any(pair => !(Math.Abs(pair.First - pair.Second) <= (device == CnnDevice.Cpu ? 0 : Near))))
            throw new CliException("a model that was saved and loaded scores differently: this build is broken.");
        return clock.Elapsed.TotalSeconds;
    }

    private static IEnumerable<float> Scores(ITransformer model, IDataView data) =>
        Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<float[]>(model.Transform(data), "Score").SelectMany(s => s);
}
