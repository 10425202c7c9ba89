using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace CnnTrainers.Distributed;

/// <summary>
/// The processes of a run and what they tell each other. All of them make the same calls in the same order. Who waits for the others gives its
/// processor away, and learns when one of them has failed.
/// </summary>
internal sealed unsafe class Ranks
{
    private const int NoteBytes = 2048, NoteTag = 1;

    // Of a sum at once. For a larger one MPI takes as much memory again, which malloc has from the kernel, page by page, every time (above 32 MiB).
    private const int MostBytes = 16 << 20;

    private const long SpinningTicks = 200, SleepingAfterTicks = 20_000; // of 100 ns
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1), _hearing = TimeSpan.FromSeconds(2); // with a failure's messages

    private static readonly Lazy<Ranks> _mpi = new(Begin);
    private readonly Mpi _library = null!;
    private readonly nint _group;
    private readonly NoteBox? _notes;

    private Ranks() => (Size, LocalSize) = (1, 1);

    private Ranks(Mpi library, nint group, Ranks? of)
    {
        (_library, _group) = (library, group);
        (Rank, Size) = (library.RankIn(group), library.SizeOf(group));
        if (of is not null)
        {
            (LocalRank, LocalSize, _notes, CanOverlap) = (of.LocalRank, of.LocalSize, of._notes, of.CanOverlap);
            return;
        }
        var local = library.OfThisMachine(group);
        (LocalRank, LocalSize) = (library.RankIn(local), library.SizeOf(local));
        _notes = new(library, library.Copy(group));
    }

    /// <summary>This process by itself.</summary>
    public static Ranks Alone { get; } = new();

    /// <summary>Its number, from 0.</summary>
    public int Rank { get; }

    /// <summary>How many there are.</summary>
    public int Size { get; }

    /// <summary>Its number among those of this machine.</summary>
    public int LocalRank { get; }

    /// <summary>How many there are on this machine.</summary>
    public int LocalSize { get; }

    /// <summary>Whether it is the only one.</summary>
    public bool IsAlone => Size == 1;

    /// <summary>Whether it is the one that logs, saves and reports.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Whether another thread may talk to the other processes while this one does.</summary>
    public bool CanOverlap { get; private init; }

    /// <summary>The processes that share a fit.</summary>
    /// <param name="settings">Null: this one by itself.</param>
    /// <exception cref="InvalidOperationException">MPI is not there, or is not the launcher's.</exception>
    public static Ranks Of(CnnDistributed? settings) => settings is null ? Alone : Mpi;

    /// <summary>All processes of the MPI run.</summary>
    /// <exception cref="InvalidOperationException">MPI is not there, or is not the launcher's.</exception>
    public static Ranks Mpi => _mpi.Value;

    /// <summary>Whether this process has begun to use MPI.</summary>
    public static bool HasBegun => _mpi.IsValueCreated;

    /// <summary>The same processes for another thread, whose calls are in an order of their own.</summary>
    public Ranks ForAnotherThread()
    {
        if (IsAlone)
            return this;
        Meet();
        return new(_library, _library.Copy(_group), this);
    }

    /// <summary>After the last call of those for another thread. All processes do it.</summary>
    public void Close()
    {
        if (IsAlone)
            return;
        Meet();
        _library.Free(_group);
    }

    /// <summary>Messages between the first process and each of the others. All of them call it.</summary>
    public Mailbox OpenMailbox()
    {
        Meet();
        return new(_library, _library.Copy(_group), IsFirst ? [.. Enumerable.Range(1, Size - 1)] : [0]);
    }

    /// <summary>Whether one has died and the others went on: nothing that all take part in can be done any more, nor MPI be ended.</summary>
    public bool IsBroken => _notes?.IsBroken == true;

    /// <summary>Takes note that one has died and the others go on.</summary>
    public void Break() => _notes!.IsBroken = true;

    /// <summary>Throws where another process has failed. Cheap: for loops that ask nothing of the others.</summary>
    /// <exception cref="CnnRankException">One has.</exception>
    public void ThrowIfAnyFailed() => _notes?.Look();

    /// <summary>Lets the others know that this process fails, so that they do not wait for it. What one says, the first says again: it has heard it.</summary>
    public void Fail(Exception fault)
    {
        if (!IsAlone && (IsFirst || fault is not CnnRankException))
            _notes!.Send(Rank, Size, fault.Message);
    }

    /// <summary>Whether a fault that the others were told of is reported here; another process than the first waits whether that one does.</summary>
    public bool Reports(Exception fault) => IsFirst || !_notes!.IsHeardByFirst() && fault is not CnnRankException;

    /// <summary>Waits for all.</summary>
    /// <exception cref="CnnRankException">One has failed.</exception>
    public void Meet()
    {
        if (IsAlone)
            return;
        var request = _library.Arrive(_group);
        for (var started = Stopwatch.GetTimestamp(); !_library.IsDone(ref request);)
        {
            _notes!.Look();
            var ticks = Stopwatch.GetElapsedTime(started).Ticks;
            if (ticks > SleepingAfterTicks)
                Thread.Sleep(1);
            else if (ticks > SpinningTicks)
                Thread.Yield();
        }
    }

    /// <summary>Adds up the values of all, which all get.</summary>
    public void Sum(Span<float> values) => Reduce(values, library => (library.Float32, library.Sum));

    /// <inheritdoc cref="Sum(Span{float})"/>
    public void Sum(Span<double> values) => Reduce(values, library => (library.Float64, library.Sum));

    /// <inheritdoc cref="Sum(Span{float})"/>
    public void Sum(Span<int> values) => Reduce(values, library => (library.Int32, library.Sum));

    /// <summary>Whether it is so on any.</summary>
    public bool Any(bool here)
    {
        Span<int> value = [here ? 1 : 0];
        Reduce(value, library => (library.Int32, library.Max));
        return value[0] != 0;
    }

    /// <summary>Gives all the values of the first.</summary>
    public void Broadcast(Span<byte> values)
    {
        if (IsAlone || values.IsEmpty)
            return;
        Meet();
        fixed (byte* place = values)
            _library.Broadcast(place, values.Length, 0, _group);
    }

    /// <summary>Gives all a number of the first.</summary>
    public T Broadcast<T>(T value) where T : unmanaged
    {
        Broadcast(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    /// <summary>Gives all a text of the first; null stays null.</summary>
    public string? Broadcast(string? text)
    {
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        var length = Broadcast(text is null ? -1 : bytes.Length);
        if (length < 0)
            return null;
        if (!IsFirst)
            bytes = new byte[length];
        Broadcast(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Gives all what each has, by rank.</summary>
    public byte[][] Gather(ReadOnlySpan<byte> own)
    {
        if (IsAlone)
            return [own.ToArray()];
        var counts = new int[Size];
        counts[Rank] = own.Length;
        Sum(counts.AsSpan());
        var places = Places(counts, out var total);
        var all = new byte[Math.Max(1, total)];
        Meet();
        fixed (byte* from = own, to = all)
        fixed (int* each = counts, at = places)
            _library.AllGather(from, own.Length, to, each, at, _group);
        return [.. counts.Select((count, rank) => all.AsSpan(places[rank], count).ToArray())];
    }

    /// <summary>Sends each what is for it.</summary>
    /// <param name="sent">What is sent, by rank.</param>
    /// <param name="sentCounts">How many bytes go to each.</param>
    /// <param name="counts">How many bytes come from each, which is known.</param>
    /// <returns>What came, by rank, one after the other.</returns>
    public byte[] Exchange(byte[] sent, int[] sentCounts, int[] counts)
    {
        var (sentPlaces, places) = (Places(sentCounts, out _), Places(counts, out var total));
        var received = GC.AllocateUninitializedArray<byte>(Math.Max(1, total));
        Meet();
        fixed (byte* from = sent, to = received)
        fixed (int* eachSent = sentCounts, atSent = sentPlaces, each = counts, at = places)
            _library.AllToAll(from, eachSent, atSent, to, each, at, _group);
        return received;
    }

    /// <inheritdoc/>
    public override string ToString() => $"rank {Rank} of {Size}";

    private static Ranks Begin()
    {
        var library = Distributed.Mpi.Loaded;
        var threads = library.Initialize();
        var ranks = new Ranks(library, library.Copy(library.World), null) { CanOverlap = threads >= Distributed.Mpi.ThreadMultiple };
        if (Launcher.Size is { } size && size != ranks.Size)
            throw new InvalidOperationException(
                $"{library.Name} sees {ranks.Size} process, the launcher started {size}: it belongs to another MPI. Start the program with the mpirun of the same package, or name the library in CNN_MPI_LIBRARY.");
        // The end of MPI waits for all: who goes because of a failure must not, so that its launcher ends the others.
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (ranks._notes!.IsFailed || ranks.IsBroken || Environment.ExitCode != 0)
                return;
            ranks._notes.Close();
            library.End();
        };
        return ranks;
    }

    private static int[] Places(int[] counts, out int total)
    {
        var places = new int[counts.Length];
        total = 0;
        for (var rank = 0; rank < counts.Length; rank++)
        {
            places[rank] = total;
            total = checked(total + counts[rank]);
        }
        return places;
    }

    private void Reduce<T>(Span<T> values, Func<Mpi, (nint Type, nint Operation)> how) where T : unmanaged
    {
        if (IsAlone || values.IsEmpty)
            return;
        var (type, operation) = how(_library);
        Meet();
        var most = MostBytes / sizeof(T);
        fixed (T* place = values)
        {
            for (long at = 0; at < values.Length; at += most)
                _library.AllReduce(place + at, (int)Math.Min(most, values.Length - at), type, operation, _group);
        }
    }

    /// <summary>Word of failures, which comes at any time.</summary>
    private sealed class NoteBox
    {
        private readonly Lock _gate = new();
        private readonly Mpi _library;
        private readonly nint _group;
        private readonly byte* _text = (byte*)NativeMemory.AllocZeroed(NoteBytes); // as long as the process: MPI writes to it
        private nint _awaited;
        private volatile CnnRankException? _failure;

        public NoteBox(Mpi library, nint group)
        {
            (_library, _group) = (library, group);
            _awaited = library.BeginReceive(_text, NoteBytes, library.AnySource, NoteTag, group);
        }

        public bool IsFailed { get; private set; }

        public bool IsBroken { get; set; }

        /// <summary>Takes back the wait for a note, which MPI must not end with.</summary>
        public void Close()
        {
            lock (_gate)
                _library.Cancel(ref _awaited);
        }

        public void Look()
        {
            var failure = _failure;
            if (failure is null)
            {
                lock (_gate)
                {
                    if (_failure is null && !IsThere())
                        return;
                    failure = _failure;
                }
            }
            throw failure!;
        }

        public bool IsHeardByFirst()
        {
            for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < _hearing; Thread.Sleep(1))
            {
                lock (_gate)
                {
                    if (_failure is { Rank: > 0 })
                    {
                        _failure = null;
                        _awaited = _library.BeginReceive(_text, NoteBytes, _library.AnySource, NoteTag, _group);
                    }
                    if (_failure is not null || IsThere() && _failure!.Rank == 0)
                        return true;
                }
            }
            return false;
        }

        public void Send(int rank, int size, string message)
        {
            IsFailed = true;
            var note = (byte*)NativeMemory.AllocZeroed(NoteBytes); // never freed: who does not take it keeps it under way
            *(int*)note = rank;
            Encoding.UTF8.GetEncoder().Convert(message, new Span<byte>(note + sizeof(int), NoteBytes - sizeof(int) - 1), flush: true, out _, out _, out _);
            var sends = Enumerable.Range(0, size).Where(other => other != rank).Select(other => _library.BeginSend(note, NoteBytes, other, NoteTag, _group)).ToList();
            for (var started = Stopwatch.GetTimestamp(); sends.Count > 0 && Stopwatch.GetElapsedTime(started) < _patience; Thread.Sleep(1))
                sends.RemoveAll(IsSent);
        }

        private bool IsThere()
        {
            if (!_library.IsDone(ref _awaited))
                return false;
            _failure = new(*(int*)_text, Marshal.PtrToStringUTF8((nint)(_text + sizeof(int)))!);
            return IsFailed = true;
        }

        private bool IsSent(nint request) => _library.IsDone(ref request);
    }
}
