using System.CommandLine;

namespace CnnTrainers.Bench.Harness;

/// <summary>What a benchmark of speed is asked for.</summary>
/// <param name="Runs">Alternating runs of each contender.</param>
/// <param name="Quick">Whether it only has to show that it works.</param>
/// <param name="Only">A network, <see cref="Linear"/>, or null for everything.</param>
internal sealed record SpeedCommand(int Runs, bool Quick, string? Only)
{
    /// <summary>The name of the table of sizes and batches.</summary>
    public const string Linear = "linear";

    /// <summary>Whether the page in results/ is written: only whole runs are.</summary>
    public bool Writes => !Quick && Only is null;

    /// <summary>Whether the table of sizes and batches is wanted.</summary>
    public bool IsLinear => Only is null or Linear;

    /// <summary>Whether a network's cases are wanted.</summary>
    public bool Has(string network) => Only is null || Only == network;

    /// <summary>A command with the options that these benchmarks share.</summary>
    public static Command Create(string name, string description, IEnumerable<string> networks, Action<SpeedCommand> run)
    {
        var rounds = new Option<int>("--runs") { Description = "Alternating runs of each.", DefaultValueFactory = _ => 5 };
        var quick = new Option<bool>("--quick") { Description = "One short run; prints, writes no result." };
        var only = new Option<string?>("--only") { Description = $"One network's cases alone, or the table of sizes and batches ({Linear}); prints, writes no result." };
        only.AcceptOnlyFromAmong([.. networks.Distinct(), Linear]);
        var command = new Command(name, description) { rounds, quick, only };
        command.SetAction(parsed => run(new(parsed.GetValue(rounds), parsed.GetValue(quick), parsed.GetValue(only))));
        return command;
    }
}
