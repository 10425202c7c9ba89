using System.Diagnostics;
using System.Text.Json;

namespace CnnTrainers.Bench.Harness;

/// <summary>One of those that are compared: a name and the command that measures it.</summary>
internal sealed record Contender(string Name, IReadOnlyList<string> Command);

/// <summary>
/// Runs contenders in turns, each time in a process of its own and on the same cores, so that whatever else the machine does, and whatever
/// it does to its clock, falls on all of them alike.
/// </summary>
internal sealed class Contest(Cores cores, int rounds)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public int Rounds => rounds;

    /// <summary>For each contender its measurements, round by round. One that skips is not asked again.</summary>
    public Dictionary<string, List<Measurement>> Run(params IReadOnlyList<Contender> contenders)
    {
        var results = contenders.ToDictionary(one => one.Name, _ => new List<Measurement>());
        for (int round = 1; round <= rounds; round++)
        {
            foreach (Contender one in contenders.Where(one => results[one.Name] is not [{ Skipped: not null }, ..]))
            {
                Measurement measured = Measure(one);
                results[one.Name].Add(measured);
                Console.Error.WriteLine($"round {round} of {rounds}: {one.Name}: " + (measured.Skipped ?? $"{measured.Rate:0.0} images/s"));
            }
        }
        return results;
    }

    public Measurement Measure(Contender one)
    {
        string line = Output(cores.Pin(one.Command), one.Name).Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., var last] ? last : "";
        try
        {
            return JsonSerializer.Deserialize<Measurement>(line, _json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new BenchException($"'{one.Name}' should have ended with one line of JSON, and printed: {line}");
        }
    }

    public static void Print(Measurement measured) => Console.WriteLine(JsonSerializer.Serialize(measured, _json));

    /// <summary>Runs a command and returns what it printed; its errors go to ours.</summary>
    public static string Output(IReadOnlyList<string> command, string name)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new BenchException($"'{command[0]}' could not be started.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new BenchException($"'{name}' failed with exit code {process.ExitCode}.");
    }
}
