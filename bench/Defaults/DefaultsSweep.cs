using System.Globalization;
using System.Text.Json;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Training;

namespace CnnTrainers.Bench.Defaults;

/// <summary>The fits of one network at some factors of its default rate. Each result is a file in artifacts/, so that a sweep that was ended goes on.</summary>
/// <param name="Case">The network.</param>
/// <param name="Rate">Its default rate.</param>
/// <param name="Results">For each factor the accuracies of the seeds; a fit that diverged has 0.</param>
internal sealed record DefaultsSweep(DefaultsCase Case, double Rate, IReadOnlyList<IReadOnlyList<double>> Results)
{
    public const double Bar = 0.01;

    private const double Tolerance = 1e-9; // of differences of decimal fractions

    public static IReadOnlyList<double> Factors { get; } = [0.1, 0.32, 1, 3.2, 10];

    public static string Folder { get; } = Path.Combine(Checkout.Root, "artifacts", "bench", "defaults");

    public double Default => Mean(Results[Factors.ToList().IndexOf(1)]);

    public double Best => Results.Max(Mean);

    public bool Met => Best - Default <= Bar + Tolerance;

    public static double Mean(IReadOnlyList<double> seeds) => seeds.Average();

    public static DefaultsSweep Run(Contest contest, DefaultsCase one, DefaultsEffort effort, int seeds, bool fresh)
    {
        double rate = CnnArchitecture.Get(one.Network).DefaultLearningRate(new CnnTrainerOptions().Optimizer);
        return new(one, rate, [.. Factors.Select(factor => (IReadOnlyList<double>)
            [.. Enumerable.Range(1, seeds).Select(seed => Accuracy(contest, new(one, Rounded(rate * factor), seed, effort), fresh))])]);
    }

    private static double Accuracy(Contest contest, DefaultsArguments fit, bool fresh)
    {
        string file = Path.Combine(Folder, fit.FileName);
        if (!fresh && File.Exists(file))
            return Read(File.ReadAllText(file));
        Measurement result = contest.Measure(new Contender($"{fit.Case.Network} at {fit.Rate}", Commands.Ours(["default-rate", .. fit.Text])));
        string text = JsonSerializer.Serialize(result, JsonSerializerOptions.Web);
        Directory.CreateDirectory(Folder);
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
        double accuracy = Read(text);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{fit.Case.Network} at {fit.Case.Size}×{fit.Case.Size}, rate {fit.Rate}, seed {fit.Seed}: {(result.Skipped ?? $"{accuracy:0.0000}, {result.Rate:0} images/s")}"));
        return accuracy;
    }

    private static double Read(string text) => JsonSerializer.Deserialize<Measurement>(text, JsonSerializerOptions.Web)!.Figures?[DefaultsWork.Accuracy] ?? 0;

    // 0.016, not 0.016000000000000001.
    private static double Rounded(double rate) => double.Parse(rate.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
