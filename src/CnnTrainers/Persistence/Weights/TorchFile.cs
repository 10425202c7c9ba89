using System.Buffers.Binary;
using System.Collections.Specialized;
using System.IO.Compression;
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
    private const int MaximumPickle = 64 << 20;
    private static readonly BigInteger _magic = BigInteger.Parse("119547037146038801333356");

    /// <summary>How the older form begins: the pickle of its magic number.</summary>
    public static ReadOnlySpan<byte> LegacyStart => [0x80, 0x02, 0x8A, 0x0A];

    public static WeightArchive OpenZip(string path, FileStream file)
    {
        try
        {
            var zip = new ZipArchive(file, ZipArchiveMode.Read);
            ZipArchiveEntry pickle = zip.Entries.FirstOrDefault(e => e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal) && e.FullName.Count(c => c == '/') == 1)
                ?? throw new InvalidDataException($"{path}: a zip file without data.pkl in it; expected a state dict that torch.save wrote.");
            string root = pickle.FullName[..^"data.pkl".Length];
            if (zip.GetEntry(root + "byteorder") is { } order && ReadAll(path, order) is not [(byte)'l', ..])
                throw new InvalidDataException($"{path}: written on a big-endian machine; expected little-endian data.");
            object? state = new StatePickle(ReadAll(path, pickle), path).Read();
            return new WeightArchive(path, [.. Entries(path, state, storage => ZipStorage(path, zip, root, storage))], zip);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: the zip file is damaged: {e.Message}", e);
        }
    }

    public static WeightArchive OpenLegacy(string path, FileStream file)
    {
        byte[] head = new byte[Math.Min(file.Length, MaximumPickle)];
        file.ReadExactly(head);
        var pickles = new StatePickle(head, path);
        if (pickles.Read() is not BigInteger magic || magic != _magic) throw new InvalidDataException($"{path}: not a PyTorch file (its magic number is another).");
        if (pickles.Read() is not long version || version != 1001) throw new InvalidDataException($"{path}: an unknown version of PyTorch's older format.");
        if (pickles.Read() is not OrderedDictionary system || system["little_endian"] is not true)
            throw new InvalidDataException($"{path}: written on a big-endian machine; expected little-endian data.");
        object? state = pickles.Read();
        if (pickles.Read() is not List<object?> keys) throw new InvalidDataException($"{path}: the list of its storages is missing.");
        Dictionary<string, PickledStorage> storages = [];
        foreach (PickledTensor tensor in Tensors(path, state).Select(t => t.Tensor)) storages[tensor.Storage.Key] = tensor.Storage;
        Dictionary<string, long> offsets = Offsets(path, file, pickles.Position, keys, storages);
        return new WeightArchive(path, [.. Entries(path, state, storage => LegacyStorage(path, offsets, storage))], file);
    }

    private static IEnumerable<WeightEntry> Entries(string path, object? state, Func<PickledStorage, Func<long, Stream>> open) =>
        Tensors(path, state).Select(entry =>
        {
            (string name, PickledTensor tensor) = entry;
            Func<long, Stream> stream = open(tensor.Storage);
            long offset = tensor.Offset * WeightEntry.SizeOf(tensor.Storage.Type);
            return new WeightEntry(name, tensor.Storage.Type, tensor.Shape, tensor.Strides, () => stream(offset));
        });

    // A checkpoint often holds the state dict beside other things, under one of these names.
    private static IEnumerable<(string Name, PickledTensor Tensor)> Tensors(string path, object? state)
    {
        if (state is OrderedDictionary outer && (outer["state_dict"] ?? outer["model"]) is OrderedDictionary inner) state = inner;
        if (state is not OrderedDictionary dictionary) throw new InvalidDataException($"{path}: expected a state dict, got {Describe(state)}.");
        foreach (System.Collections.DictionaryEntry entry in dictionary)
        {
            if (entry.Key is not string name || entry.Value is not PickledTensor tensor)
                throw new InvalidDataException($"{path}: entry '{entry.Key}' is {Describe(entry.Value)}, expected a tensor.");
            yield return (name, tensor);
        }
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        object?[] => "a tuple",
        List<object?> => "a list",
        OrderedDictionary => "a dictionary",
        PickledTensor => "a tensor",
        string => "text",
        _ => "a number",
    };

    private static Func<long, Stream> ZipStorage(string path, ZipArchive zip, string root, PickledStorage storage)
    {
        ZipArchiveEntry entry = zip.GetEntry($"{root}data/{storage.Key}")
            ?? throw new InvalidDataException($"{path}: the data of storage '{storage.Key}' is missing.");
        RequireStored(path, entry);
        if (entry.Length / WeightEntry.SizeOf(storage.Type) < storage.Count)
            throw new InvalidDataException($"{path}: storage '{storage.Key}' claims {storage.Count:N0} elements of {storage.Type}, but has {entry.Length:N0} bytes.");
        return offset =>
        {
            Stream stream = entry.Open();
            Skip(stream, offset);
            return stream;
        };
    }

    private static Func<long, Stream> LegacyStorage(string path, Dictionary<string, long> offsets, PickledStorage storage)
    {
        long start = offsets.TryGetValue(storage.Key, out long at) ? at : throw new InvalidDataException($"{path}: the data of storage '{storage.Key}' is missing.");
        return offset => WeightArchive.OpenAt(path, start + offset);
    }

    private static Dictionary<string, long> Offsets(string path, FileStream file, long at, List<object?> keys, Dictionary<string, PickledStorage> storages)
    {
        var offsets = new Dictionary<string, long>();
        byte[] count = new byte[8];
        foreach (object? key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out PickledStorage? storage))
                throw new InvalidDataException($"{path}: storage '{key}' belongs to no tensor.");
            if (at > file.Length - 8) throw new InvalidDataException($"{path}: it ends before the data of storage '{name}'.");
            file.Position = at;
            file.ReadExactly(count);
            long elements = BinaryPrimitives.ReadInt64LittleEndian(count);
            int size = WeightEntry.SizeOf(storage.Type);
            if (elements < storage.Count || elements > (file.Length - at - 8) / size)
                throw new InvalidDataException($"{path}: storage '{name}' should have {storage.Count:N0} elements; the file has {elements:N0} or ends before them.");
            offsets[name] = at + 8;
            at += 8 + elements * size;
        }
        return offsets;
    }

    private static byte[] ReadAll(string path, ZipArchiveEntry entry)
    {
        RequireStored(path, entry);
        if (entry.Length > MaximumPickle) throw new InvalidDataException($"{path}: {entry.FullName} claims {entry.Length:N0} bytes; a state dict's is far smaller.");
        byte[] bytes = new byte[entry.Length];
        using Stream stream = entry.Open();
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw new InvalidDataException($"{path}: {entry.FullName} ends early.");
        return bytes;
    }

    // torch.save never compresses; a compressed entry could claim gigabytes in a few bytes.
    private static void RequireStored(string path, ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length) throw new InvalidDataException($"{path}: {entry.FullName} is compressed; expected stored data, as torch.save writes.");
    }

    private static void Skip(Stream stream, long count)
    {
        byte[] buffer = new byte[(int)Math.Min(count, 1 << 16)];
        for (; count > 0; count -= Math.Min(count, buffer.Length)) stream.ReadExactly(buffer, 0, (int)Math.Min(count, buffer.Length));
    }
}
