#nullable disable
using System.Diagnostics;
using System.Text;

/// <summary>Lets a reader loose on many damaged files, and gathers what it must not do.</summary>
internal static class FuzzRun
{
    private const long MostBytes = 500_000_000;
    private static readonly TimeSpan _mostTime = TimeSpan.FromSeconds(10);

    /// <summary>How many files each test reads; the variable CNN_FUZZ multiplies it for longer runs by hand.</summary>
    public static int Times(int rounds) => rounds * (int.TryParse(Environment.GetEnvironmentVariable("CNN_FUZZ"), out int more) ? more : 1);

    /// <summary>Reads damaged copies of the good files by turns; returns what went wrong, a paragraph for each kind.</summary>
    /// <param name="good">The good files.</param>
    /// <param name="rounds">How many copies in all.</param>
    /// <param name="read">Reads a file; gives what the reader says to it, so that answers can be compared.</param>
    /// <param name="isAllowed">Whether an exception is one that a caller is told to expect.</param>
    /// <param name="sameAnswers">Whether an archive with damaged bytes must give the good one's answer, or an exception.</param>
    /// <param name="outer">Whether the archive is damaged too, or only the entries' contents.</param>
    public static string Faults(IReadOnlyList<byte[]> good, int rounds, Func<byte[], object> read, Func<Exception, bool> isAllowed,
        bool sameAnswers = true, bool outer = true)
    {
        var fuzzers = good.Select(file => new ZipFuzzer(file)).ToList();
        var answers = good.Select(read).ToList();
        var faults = new Dictionary<string, string>();
        for (int round = 0; round < rounds; round++)
        {
            int turn = round % good.Count;
            var random = new Random(round);
            var (file, isOuter) = outer ? fuzzers[turn].Damage(random) : (fuzzers[turn].DamageEntries(random), false);
            if (FaultOf(file, isOuter && sameAnswers ? answers[turn] : null, read, isAllowed) is { } fault)
                faults.TryAdd(KindOf(fault), $"file {turn}, round {round}: {fault}");
        }
        return string.Join("\n\n", faults.Values.Take(20));
    }

    // Type and place, not the message, which has the file's bytes in it.
    private static string KindOf(string fault) =>
        fault.Split(':')[0] + fault.Split('\n').FirstOrDefault(line => line.Contains("   at ") && !line.Contains(" System."));

    private static string FaultOf(byte[] file, object answer, Func<byte[], object> read, Func<Exception, bool> isAllowed)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        var fault = new StringBuilder();
        try
        {
            object got = read(file);
            if (answer is not null && !Equals(got, answer))
                fault.Append("another answer without an exception");
        }
        catch (Exception exception) when (!isAllowed(exception))
        {
            fault.Append(exception);
        }
        catch (Exception exception) when (string.IsNullOrWhiteSpace(exception.Message))
        {
            fault.Append(exception.GetType()).Append(" without a message");
        }
        catch
        {
            // The file is refused, as it should be.
        }
        if (GC.GetAllocatedBytesForCurrentThread() - before is var bytes && bytes > MostBytes)
            fault.Append($"\n{bytes:N0} bytes of memory");
        if (clock.Elapsed > _mostTime)
            fault.Append($"\n{clock.Elapsed.TotalSeconds:0} seconds");
        return fault.Length == 0 ? null : fault.ToString();
    }
}
