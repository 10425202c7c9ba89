using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using static TorchSharp.torch;

namespace CnnTrainers.Persistence.Weights;

/// <summary>
/// Reads the pickles of PyTorch state dicts and nothing else. No code of the file runs: of Python's classes only those that state dicts
/// are made of are known, each as a fixed C# action, and every other opcode or class ends the reading with an error that names it.
/// </summary>
/// <remarks>
/// The machine is Python's pickle protocol 2 (4's framing and short strings too): a stack, marks in it, a memo. Values are strings, long,
/// double, bool, null, <see cref="BigInteger"/>, tuples (object?[]), lists, <see cref="PickledDictionary"/>, storages and tensors.
/// Values are shared by reference and never walked here, so nested sharing costs nothing; sizes are checked against what is left of the data,
/// and the number of steps is limited, so that memory and time are too.
/// </remarks>
internal sealed class StatePickle(ReadOnlyMemory<byte> data, string file)
{
    private const int MaximumSteps = 500_000, MaximumDimensions = 8;
    private static readonly object _mark = new();
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Dictionary<string, ScalarType> _storageClasses = new()
    {
        ["FloatStorage"] = ScalarType.Float32,
        ["DoubleStorage"] = ScalarType.Float64,
        ["HalfStorage"] = ScalarType.Float16,
        ["BFloat16Storage"] = ScalarType.BFloat16,
        ["LongStorage"] = ScalarType.Int64,
        ["IntStorage"] = ScalarType.Int32,
        ["ShortStorage"] = ScalarType.Int16,
        ["CharStorage"] = ScalarType.Int8,
        ["ByteStorage"] = ScalarType.Byte,
        ["BoolStorage"] = ScalarType.Bool,
    };

    private readonly Stack<object?> _stack = new();
    private readonly Dictionary<long, object?> _memo = [];
    private readonly Dictionary<string, PickledStorage> _storages = [];
    private int _at, _steps;

    private enum Known { OrderedDict, RebuildTensor, Parameter, Size }

    /// <summary>Where the next pickle begins: several may follow each other.</summary>
    public int Position => _at;

    /// <summary>Every storage that was referred to so far, by its key.</summary>
    public IReadOnlyDictionary<string, PickledStorage> Storages => _storages;

    /// <summary>Reads one pickle, from the current position to its STOP.</summary>
    /// <exception cref="InvalidDataException">It holds something that no state dict holds, or is damaged; the message says what and where.</exception>
    public object? Read()
    {
        _stack.Clear();
        _memo.Clear();
        while (true)
        {
            int start = _at;
            byte opcode = Byte();
            if (opcode == '.') return _stack.Count == 1 ? Pop() : throw Damaged("it stops with values left over");
            if (++_steps > MaximumSteps) throw Damaged("it is longer than any state dict's");
            Step(opcode, start);
        }
    }

    private void Step(byte opcode, int start)
    {
        switch ((char)opcode)
        {
            case '\x80': if (Byte() is > 5 and var version) throw Refused($"pickle protocol {version}", start); break;
            case '\x95': Bytes(8); break;                                         // FRAME: a length, of no use to a reader in memory
            case '(': _stack.Push(_mark); break;
            case 'N': _stack.Push(null); break;
            case '\x88': _stack.Push(true); break;
            case '\x89': _stack.Push(false); break;
            case 'J': _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case 'K': _stack.Push((long)Byte()); break;
            case 'M': _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case '\x8A': Push(new BigInteger(Bytes(Byte()))); break;
            case 'G': _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case 'X': _stack.Push(Text(Length(4))); break;
            case '\x8C': _stack.Push(Text(Byte())); break;
            case 'T': _stack.Push(Text(Length(4))); break;
            case 'U': _stack.Push(Text(Byte())); break;
            case ')': _stack.Push(Array.Empty<object?>()); break;
            case '\x85': _stack.Push(new[] { Pop() }); break;
            case '\x86': _stack.Push(PopMany(2)); break;
            case '\x87': _stack.Push(PopMany(3)); break;
            case 't': _stack.Push(PopToMark()); break;
            case ']': _stack.Push(new List<object?>()); break;
            case 'a': { object? item = Pop(); Top<List<object?>>("a list").Add(item); break; }
            case 'e': { object?[] items = PopToMark(); Top<List<object?>>("a list").AddRange(items); break; }
            case '}': _stack.Push(new PickledDictionary()); break;
            case 's': SetItems(PopMany(2)); break;
            case 'u': SetItems(PopToMark()); break;
            case 'q': Memoize(Byte()); break;
            case 'r': Memoize(Length(4)); break;
            case '\x94': Memoize(_memo.Count); break;
            case 'h': _stack.Push(Recall(Byte())); break;
            case 'j': _stack.Push(Recall(Length(4))); break;
            case 'c': _stack.Push(Class(Line(), Line(), start)); break;
            case '\x93': { object?[] names = PopMany(2); _stack.Push(Class(names[0] as string, names[1] as string, start)); break; }
            case 'R': { object?[] call = PopMany(2); _stack.Push(Call(call[0], call[1] as object?[], start)); break; }
            case 'b': SetState(Pop(), start); break;
            case 'Q': _stack.Push(Storage(Pop() as object?[])); break;
            default: throw Refused($"opcode 0x{opcode:X2}{(opcode is > 32 and < 127 ? $" ('{(char)opcode}')" : "")}", start);
        }
    }

    private object Class(string? module, string? name, int start) => (module, name) switch
    {
        ("collections", "OrderedDict") => Known.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor") => Known.RebuildTensor,
        ("torch._utils", "_rebuild_parameter") or ("torch.nn.parameter", "Parameter") => Known.Parameter,
        ("torch", "Size") => Known.Size,
        ("torch", { } storage) when _storageClasses.TryGetValue(storage, out ScalarType type) => type,
        _ => throw Refused($"the class {module}.{name}", start),
    };

    private object? Call(object? function, object?[]? arguments, int start) => (function, arguments) switch
    {
        (Known.OrderedDict, []) => new PickledDictionary(),
        (Known.Size, [object?[] sizes]) => sizes,
        (Known.RebuildTensor, [PickledStorage storage, long offset, object?[] shape, object?[] strides, ..]) when arguments.Length is 4 or 6 =>
            Tensor(storage, offset, Longs(shape), Longs(strides)),
        (Known.Parameter, [PickledTensor tensor, ..]) => tensor,
        _ => throw Refused($"a call of {(function is Known or ScalarType ? function : "something that is no function")} with arguments that a state dict does not have", start),
    };

    // What comes with an OrderedDict is its _metadata, with a parameter of PyTorch 0.1 whether it has a gradient: of no use here.
    private void SetState(object? state, int start)
    {
        bool known = _stack.TryPeek(out object? target) && (target, state) is (PickledDictionary, PickledDictionary) or (PickledTensor, object?[]);
        if (!known) throw Refused("an object's own state", start);
    }

    // ('storage', class, key, location, count[, view]); views of storages went with PyTorch 0.4.
    private PickledStorage Storage(object?[]? id)
    {
        if (id is not ["storage", ScalarType type, string key, _, long count, ..] || count < 0 || (id is not { Length: 5 } and not [.., null]))
            throw Damaged("a reference to data has an unknown form");
        var storage = new PickledStorage(key, type, count);
        if (!_storages.TryAdd(storage.Key, storage) && _storages[storage.Key] != storage) throw Damaged("one storage is described in two ways");
        return _storages[storage.Key];
    }

    // A view may not reach past its storage, nor name one element many times: a few bytes could then claim gigabytes.
    private PickledTensor Tensor(PickledStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || offset < 0 || shape.Any(n => n < 0) || strides.Any(n => n < 0))
            throw Damaged("a tensor's shape is impossible");
        try
        {
            long count = shape.Aggregate(1L, (a, b) => checked(a * b));
            long last = count == 0 ? offset - 1 : shape.Zip(strides, (n, stride) => checked((n - 1) * stride)).Aggregate(offset, (a, b) => checked(a + b));
            if (count > storage.Count || last >= storage.Count) throw Damaged("a tensor is larger than its data");
        }
        catch (OverflowException)
        {
            throw Damaged("a tensor's shape is impossible");
        }
        return new PickledTensor(storage, offset, shape, strides);
    }

    private long[] Longs(object?[] values)
    {
        if (values.Length > MaximumDimensions) throw Damaged($"a tensor has {values.Length} dimensions");
        return Array.ConvertAll(values, value => value is long number ? number : throw Damaged("a tensor's shape is not made of integers"));
    }

    private void SetItems(object?[] keysAndValues)
    {
        if (keysAndValues.Length % 2 != 0) throw Damaged("a dictionary has a key without a value");
        var dictionary = Top<PickledDictionary>("a dictionary");
        for (int i = 0; i < keysAndValues.Length; i += 2) dictionary.Add((keysAndValues[i], keysAndValues[i + 1]));
    }

    private void Push(BigInteger value) => _stack.Push(value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value);

    private void Memoize(long key) => _memo[key] = _stack.TryPeek(out object? top) && top != _mark ? top : throw Damaged("it keeps a value that is not there");

    private object? Recall(long key) => _memo.TryGetValue(key, out object? value) ? value : throw Damaged($"it recalls value {key}, which was not kept");

    private T Top<T>(string expected) where T : class => _stack.TryPeek(out object? top) && top is T value ? value : throw Damaged($"{expected} was expected");

    private object? Pop() => _stack.TryPop(out object? top) && top != _mark ? top : throw Damaged("a value is missing");

    private object?[] PopMany(int count)
    {
        var values = new object?[count];
        for (int i = count - 1; i >= 0; i--) values[i] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        var values = new List<object?>();
        while (_stack.TryPop(out object? top))
        {
            if (top == _mark)
            {
                values.Reverse();
                return [.. values];
            }
            values.Add(top);
        }
        throw Damaged("a mark is missing");
    }

    private byte Byte() => Bytes(1)[0];

    private long Length(int bytes) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(bytes));

    private ReadOnlySpan<byte> Bytes(long count)
    {
        if (count > data.Length - _at) throw Damaged("it ends early");
        ReadOnlySpan<byte> bytes = data.Span.Slice(_at, (int)count);
        _at += (int)count;
        return bytes;
    }

    private string Text(long length)
    {
        try
        {
            return _utf8.GetString(Bytes(length));
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("a text is not UTF-8");
        }
    }

    private string Line()
    {
        int length = data.Span[_at..Math.Min(_at + 1000, data.Length)].IndexOf((byte)'\n');
        if (length < 0) throw Damaged("a class name has no end");
        string line = Text(length);
        _at++;
        return line;
    }

    private InvalidDataException Refused(string what, int at) =>
        new($"{file}: refused at byte {at} of its pickle: {what}. A state dict holds tensors and their names only; nothing of the file was run.");

    private InvalidDataException Damaged(string how) => new($"{file}: its pickle is damaged near byte {_at}: {how}.");
}
