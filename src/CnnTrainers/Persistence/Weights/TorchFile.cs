using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Numerics;

namespace CnnTrainers.Persistence.Weights;

/// <summary>PyTorch's state dict files.</summary>
/// <remarks>
/// The zip form (torch.save since 1.6): <c>NAME/data.pkl</c>, the pickle, and <c>NAME/data/KEY</c>, the bytes of each storage.
/// The older form: five pickles (a magic number, a protocol, system facts, the state dict, the list of storage keys), then for each key
/// int64 count and the bytes.
/// </remarks>
internal static class TorchFile
{
    private const int MaximumPickle = 16 << 20;
    private static readonly BigInteger _magic = BigInteger.Parse("119547037146038801333356", CultureInfo.InvariantCulture);

    public static WeightArchive OpenZip(string path, FileStream file)
    {
        var zip = new ZipArchive(file, ZipArchiveMode.Read);
        ZipArchiveEntry pickle = zip.Entries.FirstOrDefault(e => e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal) && e.FullName.Count(c => c == '/') == 1)
            ?? throw new InvalidDataException($"{path}: a zip file without data.pkl in it; expected a state dict that torch.save wrote.");
        string root = pickle.FullName[..^"data.pkl".Length];
        if (zip.GetEntry(root + "byteorder") is { } order && ReadAll(path, order) is not [(byte)'l', ..]) throw BigEndian(path);
        object? state = new StatePickle(ReadAll(path, pickle), path).Read();
        return new WeightArchive(path, [.. Entries(path, state, storage => ZipStorage(path, zip, root, storage, file.Length))], zip);
    }

    public static WeightArchive OpenOlder(string path, FileStream file)
    {
        byte[] head = new byte[Math.Min(file.Length, MaximumPickle)];
        file.ReadExactly(head);
        var pickles = new StatePickle(head, path);
        if (pickles.Read() is not BigInteger magic || magic != _magic) throw new InvalidDataException($"{path}: a pickle, but not one that torch.save wrote (its magic number is missing).");
        if (pickles.Read() is not 1001L) throw new InvalidDataException($"{path}: an unknown version of PyTorch's older format.");
        if (pickles.Read() is not PickledDictionary system || system["little_endian"] is not true) throw BigEndian(path);
        object? state = pickles.Read();
        if (pickles.Read() is not List<object?> keys) throw new InvalidDataException($"{path}: the list of its storages is missing.");
        Dictionary<string, long> starts = Starts(path, file, pickles, keys);
        return new WeightArchive(path, [.. Entries(path, state, storage => OlderStorage(path, file, starts, storage))], file);
    }

    // Reads bytes of a storage, from a place in it on.
    private delegate void ReadStorage(long offset, Span<byte> bytes);

    private static IEnumerable<WeightEntry> Entries(string path, object? state, Func<PickledStorage, ReadStorage> open) =>
        Tensors(path, state).Select(entry =>
        {
            (string name, PickledTensor tensor) = entry;
            ReadStorage read = open(tensor.Storage);
            long offset = tensor.Offset * WeightEntry.SizeOf(tensor.Storage.Type);
            return new WeightEntry(name, tensor.Storage.Type, tensor.Shape, tensor.Strides, bytes => read(offset, bytes));
        });

    // A checkpoint often holds the state dict beside other things, under one of these names.
    private static IEnumerable<(string Name, PickledTensor Tensor)> Tensors(string path, object? state)
    {
        if (state is PickledDictionary outer && (outer["state_dict"] ?? outer["model_state_dict"] ?? outer["model"]) is PickledDictionary inner) state = inner;
        if (state is not PickledDictionary dictionary) throw new InvalidDataException($"{path}: expected a state dict, got {Describe(state)}.");
        foreach ((object? key, object? value) in dictionary)
        {
            if (key is not string name) throw new InvalidDataException($"{path}: an entry's name is {Describe(key)}, expected text.");
            yield return (name, value as PickledTensor ?? throw new InvalidDataException($"{path}: entry '{name}' is {Describe(value)}, expected a tensor."));
        }
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        object?[] => "a tuple",
        List<object?> => "a list",
        PickledDictionary => "a dictionary",
        PickledTensor => "a tensor",
        string => "text",
        _ => "a number",
    };

    private static ReadStorage ZipStorage(string path, ZipArchive zip, string root, PickledStorage storage, long fileLength)
    {
        ZipArchiveEntry entry = zip.GetEntry($"{root}data/{storage.Key}") ?? throw MissingStorage(path, storage.Key);
        RequireStored(path, entry);
        if (entry.Length > fileLength || entry.Length / WeightEntry.SizeOf(storage.Type) < storage.Count)
            throw new InvalidDataException(FormattableString.Invariant($"{path}: storage '{storage.Key}' claims {storage.Count:N0} elements of {storage.Type} in {entry.Length:N0} bytes; the file has {fileLength:N0}."));
        return (offset, bytes) => Read(path, entry, offset, bytes);
    }

    private static ReadStorage OlderStorage(string path, FileStream file, Dictionary<string, long> starts, PickledStorage storage)
    {
        long start = starts.TryGetValue(storage.Key, out long at) ? at : throw MissingStorage(path, storage.Key);
        return (offset, bytes) => WeightArchive.Read(file, start + offset, bytes);
    }

    // Where each storage's values begin: they stand in the order of the keys, each behind its count.
    private static Dictionary<string, long> Starts(string path, FileStream file, StatePickle pickles, List<object?> keys)
    {
        var starts = new Dictionary<string, long>();
        long at = pickles.Position;
        byte[] count = new byte[8];
        foreach (object? key in keys)
        {
            if (key is not string name || !pickles.Storages.TryGetValue(name, out PickledStorage? storage))
                throw new InvalidDataException($"{path}: storage '{key as string}' belongs to no tensor.");
            if (at > file.Length - 8) throw new InvalidDataException($"{path}: it ends before the data of storage '{name}'.");
            WeightArchive.Read(file, at, count);
            long elements = BinaryPrimitives.ReadInt64LittleEndian(count);
            int size = WeightEntry.SizeOf(storage.Type);
            if (elements < storage.Count || elements > (file.Length - at - 8) / size)
                throw new InvalidDataException(FormattableString.Invariant($"{path}: storage '{name}' should have {storage.Count:N0} elements; the file says {elements:N0}, or ends before them."));
            if (!starts.TryAdd(name, at + 8)) throw new InvalidDataException($"{path}: storage '{name}' comes twice.");
            at += 8 + elements * size;
        }
        return at == file.Length ? starts : throw new InvalidDataException($"{path}: it goes on behind its last storage.");
    }

    private static byte[] ReadAll(string path, ZipArchiveEntry entry)
    {
        RequireStored(path, entry);
        if (entry.Length > MaximumPickle) throw new InvalidDataException(FormattableString.Invariant($"{path}: {entry.FullName} claims {entry.Length:N0} bytes; a state dict's has at most {MaximumPickle:N0}."));
        byte[] bytes = new byte[entry.Length];
        Read(path, entry, 0, bytes);
        return bytes;
    }

    // The whole entry passes by, whatever part is wanted, so that its checksum can be compared. Writers may leave that out: it is 0 then.
    private static void Read(string path, ZipArchiveEntry entry, long offset, Span<byte> bytes)
    {
        using Stream stream = entry.Open();
        var checksum = new Crc32();
        Pass(stream, offset, checksum);
        stream.ReadExactly(bytes);
        checksum.Append(bytes);
        Pass(stream, entry.Length - offset - bytes.Length, checksum);
        if (entry.Crc32 != 0 && entry.Crc32 != checksum.GetCurrentHashAsUInt32()) throw new InvalidDataException($"{path}: {entry.FullName} is damaged: its checksum is another.");
    }

    private static void Pass(Stream stream, long count, Crc32 checksum)
    {
        byte[] buffer = new byte[Math.Min(count, 1 << 16)];
        for (int step; count > 0; count -= step)
        {
            step = (int)Math.Min(count, buffer.Length);
            stream.ReadExactly(buffer, 0, step);
            checksum.Append(buffer.AsSpan(0, step));
        }
    }

    // torch.save never compresses; a compressed entry could claim gigabytes in a few bytes.
    private static void RequireStored(string path, ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length) throw new InvalidDataException($"{path}: {entry.FullName} is compressed; expected stored data, as torch.save writes.");
    }

    private static InvalidDataException MissingStorage(string path, string key) => new($"{path}: the data of storage '{key}' is missing.");

    private static InvalidDataException BigEndian(string path) => new($"{path}: written on a big-endian machine; expected little-endian data.");
}
