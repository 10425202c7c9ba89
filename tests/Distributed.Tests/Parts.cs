using System.Text;

namespace CnnTrainers.Distributed.Tests;

/// <summary>What the processes of a run do. Each writes what it has to say in one line, so that lines are whole.</summary>
internal static class Parts
{
    public static void Talk(string[] arguments)
    {
        var ranks = Ranks.Mpi;
        double[] doubles = [ranks.Rank + 1, 10];
        float[] floats = [.. Enumerable.Range(0, 100_000).Select(i => (float)(i % 7 * (ranks.Rank + 1)))];
        ranks.Sum(doubles.AsSpan());
        ranks.Sum(floats.AsSpan());
        var gathered = string.Join("|", ranks.Gather(Encoding.UTF8.GetBytes(new string('x', ranks.Rank))).Select(bytes => bytes.Length));
        var word = ranks.Broadcast(ranks.IsFirst ? "größer" : null);
        byte[] sent = [.. Enumerable.Range(0, ranks.Size).Select(to => (byte)(10 * ranks.Rank + to))];
        int[] one = [.. Enumerable.Repeat(1, ranks.Size)];
        var received = string.Join(",", ranks.Exchange(sent, one, one));
        Console.WriteLine(FormattableString.Invariant($"{ranks}: {doubles[0]} {doubles[1]} {floats.Sum()} {gathered} {word} {received} {ranks.LocalRank}/{ranks.LocalSize} {ranks.Any(ranks.Rank == 1)} {ranks.Any(false)}"));
    }

    public static void SumMany(string[] arguments)
    {
        var ranks = Ranks.Mpi;
        int[] values = [.. Enumerable.Range(0, 10_000_000).Select(i => i + ranks.Rank)];
        ranks.Sum(values.AsSpan());
        Console.WriteLine(values.Index().Count(one => one.Item != 2 * one.Index + 1));
    }

    public static void FailOnOne(string[] arguments)
    {
        var ranks = Ranks.Mpi;
        ranks.Meet();
        if (ranks.Rank == 1)
        {
            var fault = new InvalidOperationException("the image is damaged");
            ranks.Fail(fault);
            throw fault;
        }
        ranks.Meet();
    }

    public static void LeaveOne(string[] arguments)
    {
        var ranks = Ranks.Mpi;
        ranks.Meet();
        if (ranks.Rank == 1)
            throw new InvalidOperationException("nobody is told");
        ranks.Meet();
    }
}
