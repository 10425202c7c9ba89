using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CnnTrainers.Distributed;

/// <summary>
/// Messages of any length between the first process and each of the others. They are looked for, never waited for, so that a process that has died
/// holds up nobody. For one thread.
/// </summary>
internal sealed unsafe class Mailbox : IDisposable
{
    private const int Tag = 2;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly Mpi _library;
    private readonly nint _group;
    private readonly List<Incoming> _incoming;
    private readonly List<(nint Request, nint Memory)> _outgoing = [];

    public Mailbox(Mpi library, nint group, IReadOnlyList<int> others)
    {
        (_library, _group) = (library, group);
        _incoming = [.. others.Select(other => new Incoming(this, other))];
    }

    /// <summary>Begins to send a message.</summary>
    public void Send(int to, byte[] message)
    {
        Post(to, BitConverter.GetBytes(message.Length));
        Post(to, message);
    }

    /// <summary>A message that has come, and from whom; null where there is none.</summary>
    public (int From, byte[] Message)? Take()
    {
        Forget();
        foreach (var incoming in _incoming)
            if (incoming.Take() is { } message)
                return (incoming.From, message);
        return null;
    }

    /// <summary>Lets messages leave, for a second at most.</summary>
    public void Flush()
    {
        for (var started = Stopwatch.GetTimestamp(); _outgoing.Count > 0 && Stopwatch.GetElapsedTime(started) < _patience; Thread.Sleep(1))
            Forget();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush(); // what does not leave is not freed: who does not take it keeps it under way
        _incoming.ForEach(incoming => incoming.Dispose());
    }

    private void Post(int to, byte[] bytes)
    {
        var memory = NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        _outgoing.Add((_library.BeginSend(memory, bytes.Length, to, Tag, _group), (nint)memory));
    }

    private void Forget() => _outgoing.RemoveAll(one =>
    {
        var (request, memory) = one;
        if (!_library.IsDone(ref request))
            return false;
        NativeMemory.Free((void*)memory);
        return true;
    });

    /// <summary>What comes from one process: a length and so many bytes, in turns.</summary>
    private sealed class Incoming : IDisposable
    {
        private readonly Mailbox _box;
        private readonly int* _length = (int*)NativeMemory.Alloc(sizeof(int));
        private byte* _bytes; // of the message under way; null while its length is
        private nint _request;

        public Incoming(Mailbox box, int from)
        {
            (_box, From) = (box, from);
            AwaitLength();
        }

        public int From { get; }

        public byte[]? Take()
        {
            if (_bytes is null)
            {
                if (!_box._library.IsDone(ref _request))
                    return null;
                _bytes = (byte*)NativeMemory.Alloc((nuint)(*_length));
                _request = _box._library.BeginReceive(_bytes, *_length, From, Tag, _box._group);
            }
            if (!_box._library.IsDone(ref _request))
                return null;
            var message = new ReadOnlySpan<byte>(_bytes, *_length).ToArray();
            NativeMemory.Free(_bytes);
            _bytes = null;
            AwaitLength();
            return message;
        }

        // A message that its sender did not live to end stays in memory, as MPI may yet write to it.
        public void Dispose()
        {
            if (_bytes is not null)
                return;
            _box._library.Cancel(ref _request);
            NativeMemory.Free(_length);
        }

        private void AwaitLength() => _request = _box._library.BeginReceive(_length, sizeof(int), From, Tag, _box._group);
    }
}
