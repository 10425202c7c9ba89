using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnTrainers.Cli;

/// <summary>
/// The processes of an MPI run (<c>mpirun -np 4 cnn train …</c>), of which this is one. The first speaks and writes. Of a command whose work is shared
/// the others do a part, of another command nothing. Without a launcher there is one process, which is the first.
/// </summary>
internal static class Launched
{
    private static readonly JsonSerializerOptions _json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Whether this process speaks and writes.</summary>
    public static bool IsFirst => CnnDistributed.Rank == 0;

    /// <summary>Whether other processes do parts of the command's work. All of them then make the same calls of the methods below, in the same order.</summary>
    public static bool IsShared { get; private set; }

    /// <summary>Whether there are other processes, for commands that share their work in any case.</summary>
    public static bool IsOneOfSeveral(ParseResult _) => CnnDistributed.Size > 1;

    /// <summary>The number of parts.</summary>
    public static int Parts => IsShared ? CnnDistributed.Size : 1;

    /// <summary>Lets only the first process speak. To be called before anything is written.</summary>
    public static void Prepare()
    {
        if (!CnnDistributed.IsLaunched) return;
        Environment.SetEnvironmentVariable("TERM", "dumb"); // mpirun makes a terminal of standard output, which .NET would send the codes that prepare one
        if (!IsFirst) Console.SetOut(TextWriter.Null);
    }

    /// <summary>Begins to share the work of the command.</summary>
    /// <exception cref="InvalidOperationException">MPI cannot be begun.</exception>
    public static void Share()
    {
        CnnDistributed.Start();
        IsShared = CnnDistributed.Size > 1;
    }

    /// <summary>Waits for the others, so that all end well or none; not where one has died and the work was done without it.</summary>
    public static void Finish()
    {
        if (!CnnDistributed.IsBroken) Gather([]);
    }

    /// <summary>Tells the others that this process fails.</summary>
    /// <returns>Whether this one is to say why.</returns>
    public static bool Fail(Exception fault) => IsShared ? CnnDistributed.Fail(fault) : fault is not CnnRankException;

    /// <summary>This process's part of some things. The parts follow one another; of few things the first processes have one each.</summary>
    public static Range Part(int count)
    {
        int part = IsShared ? CnnDistributed.Rank : 0;
        return At(part)..At(part + 1);
        int At(int place) => (int)(((long)count * place + Parts - 1) / Parts);
    }

    /// <summary>What each process has, by rank.</summary>
    public static IReadOnlyList<byte[]> Gather(ReadOnlySpan<byte> own) => IsShared ? CnnDistributed.Gather(own) : [own.ToArray()];

    /// <summary>What all processes have found in their parts, one after the other.</summary>
    public static IReadOnlyList<T> Join<T>(IReadOnlyList<T> own) => !IsShared ? own : [.. Gather(Bytes(own)).SelectMany(Value<IReadOnlyList<T>>)];

    /// <summary>Does in one process after the other what leaves something behind that those of one machine share: a download.</summary>
    public static void InTurn(Action work)
    {
        for (int rank = 0; rank < Parts; rank++)
        {
            if (!IsShared || rank == CnnDistributed.Rank) work();
            Gather([]);
        }
    }

    /// <summary>Does something in the first process, for which the others wait.</summary>
    public static void OfFirst(Action work) => OfFirst(() =>
    {
        work();
        return true;
    });

    /// <summary>What the first process finds out, for all.</summary>
    public static T OfFirst<T>(Func<T> find) => !IsShared ? find() : Value<T>(Gather(IsFirst ? Bytes(find()) : [])[0]);

    /// <summary>What the first process finds one after the other, for all.</summary>
    /// <param name="find">Finds it; looked at by the first only. Never empty.</param>
    public static IEnumerable<T[]> OfFirst<T>(IEnumerable<T[]> find)
    {
        using IEnumerator<T[]> each = find.GetEnumerator();
        while (OfFirst(() => each.MoveNext() ? each.Current : []) is { Length: > 0 } some) yield return some;
    }

    private static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, _json);

    private static T Value<T>(byte[] bytes) => JsonSerializer.Deserialize<T>(bytes, _json)!;
}
