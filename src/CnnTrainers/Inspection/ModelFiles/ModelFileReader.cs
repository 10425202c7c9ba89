using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CnnTrainers.Persistence;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>
/// Reads one model file. Faults are gathered, and reading goes on behind them: with the next entry, column, or part. The parts' tree is
/// that of the folders that have a Model.key.
/// </summary>
internal sealed class ModelFileReader(Stream file)
{
    private const string Key = "Model.key", OldKey = "Model.bin", ModelFolder = "TransformerChain", SchemaName = "Schema", VersionName = "TrainingInfo/Version.txt";
    private const int DeepestFolder = 30, MostFaults = 100;
    private readonly ZipContent _content = new(file);
    private readonly ItemBudget _budget = new();
    private readonly List<ModelFileFault> _faults = [];
    private readonly Dictionary<string, ZipItem> _items = [];
    private ILookup<string, string> _foldersIn = Array.Empty<string>().ToLookup(_ => "");
    private ILookup<string, ZipItem> _streamsOf = Array.Empty<ZipItem>().ToLookup(_ => "");

    public ModelFileReport Read()
    {
        var listed = ZipDirectory.Read(file, Report(null));
        foreach (var item in listed)
            if (!_items.TryAdd(item.Name, item))
                Report(item.Name)(new FormatFault("one entry of this name", "two", item.Place));
        foreach (var item in listed)
            Try(item.Name, () => _content.Check(item));
        var schema = _items.ContainsKey(SchemaName) ? ReadSchema(SchemaName) : null;
        var root = FindParts();
        return new ModelFileReport
        {
            Bytes = file.Length,
            WrittenBy = ReadVersion(),
            Entries = [.. listed.Select(item => new ModelFileEntry(item.Name, item.Size, item.Packed))],
            InputSchema = schema,
            Model = root is null ? null : ReadPart(root, 0),
            OtherParts = [.. _foldersIn[Outside].Where(folder => folder != root).Select(folder => ReadPart(folder, 0)).OfType<ModelFilePart>()],
            Faults = _faults,
        };
    }

    // The parent of folders without one; no entry has this name.
    private const string Outside = "\0";

    // Groups the folders with a Model.key by the next such folder above them, and finds the model's.
    private string? FindParts()
    {
        var folders = _items.Keys.Where(IsKey).Select(FolderOf).Distinct().Where(NotTooDeep).ToHashSet();
        _foldersIn = folders.ToLookup(folder => ParentOf(folder, folders));
        // What lies in a folder that is no part belongs to the part above; at the root stand things that belong to no part.
        _streamsOf = _items.Values.Where(item => !IsKey(item.Name)).ToLookup(item => FolderOf(item.Name) is var folder && folders.Contains(folder) ? folder : ParentOf(folder, folders));
        if (folders.Contains(ModelFolder) && (_items.ContainsKey(SchemaName) || !folders.Contains("")))
            return ModelFolder;
        if (folders.Contains(""))
            return "";
        if (folders.Count == 0)
            Report($"{ModelFolder}/{Key}")(new FormatFault("the model's entry", _items.Count == 0 ? "none; nothing can be read" : $"an archive of other things, such as '{_items.Keys.First()}'", null));
        return null;
    }

    private static bool IsKey(string name) => FileOf(name) is Key or OldKey;

    private static string FolderOf(string name) => name[..Math.Max(0, name.LastIndexOf('/'))];

    private static string FileOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    private bool NotTooDeep(string folder)
    {
        if (folder.Count(letter => letter == '/') < DeepestFolder)
            return true;
        Report(folder[..Math.Min(folder.Length, 200)])(new FormatFault($"folders at most {DeepestFolder} deep", "more", null));
        return false;
    }

    private static string ParentOf(string folder, HashSet<string> folders)
    {
        for (var above = folder; above != "";)
        {
            above = FolderOf(above);
            if (folders.Contains(above))
                return above;
        }
        return Outside;
    }

    private ModelFilePart? ReadPart(string folder, int depth)
    {
        var entry = Join(folder, _items.ContainsKey(Join(folder, Key)) ? Key : OldKey);
        var stream = Get(entry) is { } bytes ? ModelStream.Read(bytes, _budget, Report(entry)) : null;
        var parts = OrderOf(folder).Select(inside => ReadPart(inside, depth + 1)).OfType<ModelFilePart>().ToList();
        if (stream is null)
            return parts.Count == 0 ? null : Unreadable(folder, parts);
        var known = KnownParts.Find(stream.Loader);
        var parameters = new JsonObject();
        var isKnown = known is not null && known.Reads(stream);
        if (known is not null && known.Signature != stream.Signature)
            Report(entry)(new FormatFault($"signature '{known.Signature}' of a {known.Loader}", $"'{stream.Signature}'", 0x40));
        if (isKnown && stream.Payload is { } payload)
            Try(entry, () => ReadPayload(known!, new PartReader(stream, payload, _budget), parameters));
        if (known?.Signature == "XF CHAIN" && parameters["scopes"] is JsonArray scopes)
            CheckChain(folder, scopes.Count);
        return new ModelFilePart
        {
            Folder = folder,
            Name = known?.Name ?? KnownParts.NameOf(stream.Loader),
            IsKnown = isKnown,
            Loader = stream.Loader,
            AlternativeLoader = stream.AlternativeLoader,
            Signature = stream.Signature,
            Version = stream.Version,
            ReadableBy = stream.ReadableBy,
            Assembly = stream.Assembly,
            PayloadBytes = stream.PayloadBytes,
            Parameters = JsonSerializer.SerializeToElement(parameters),
            Network = isKnown && known!.Loader == MLNetInternals.LoaderSignature ? ReadNetwork(folder) : null,
            Streams = ReadStreams(folder),
            Parts = parts,
        };
    }

    // A part whose header is lost still has parts that can be read.
    private ModelFilePart Unreadable(string folder, List<ModelFilePart> parts) => new()
    {
        Folder = folder, Name = "unreadable", IsKnown = false, Loader = "", AlternativeLoader = null, Signature = "", Version = 0, ReadableBy = 0,
        Assembly = null, PayloadBytes = 0, Parameters = JsonSerializer.SerializeToElement(new JsonObject()), Network = null, Streams = ReadStreams(folder), Parts = parts,
    };

    private static void ReadPayload(KnownPart known, PartReader part, JsonObject parameters)
    {
        known.Read(part, parameters);
        if (part.Payload.Left > 0)
            throw new FormatFault("the payload's end", $"{part.Payload.Left} more bytes", part.Payload.Offset);
    }

    // The numbers of a chain's transformers have three digits, and four from the thousandth on.
    private IEnumerable<string> OrderOf(string folder) => _foldersIn[folder].OrderBy(inside => inside.Length).ThenBy(inside => inside, StringComparer.Ordinal);

    private void CheckChain(string folder, int count)
    {
        for (var index = 0; index < count; index++)
            if (Join(folder, $"Transform_{index:000}/{Key}") is var entry && !_items.ContainsKey(entry) && !_items.ContainsKey(Join(folder, $"Transform_{index:000}/{OldKey}")))
                Report(entry)(new FormatFault($"transformer {index + 1} of {count}", "no such entry", null));
    }

    private ModelFileNetwork? ReadNetwork(string folder)
    {
        var (description, weights) = (Join(folder, NetworkFile.DescriptionName), Join(folder, NetworkFile.WeightsName));
        (int, long, long)? sizes = null;
        Try(weights, () =>
        {
            using var stream = _content.Open(Item(weights));
            sizes = NetworkReader.ReadWeights(stream, Item(weights).Size);
        });
        ModelFileNetwork? network = null;
        Try(description, () => network = NetworkReader.Read(_content.Bytes(Item(description)), sizes));
        return network;
    }

    private IReadOnlyList<ModelFileStream> ReadStreams(string folder) =>
    [
        .. (folder == "" ? [] : _streamsOf[folder]).Select(item => new ModelFileStream(
            item.Name[(folder.Length + 1)..], item.Size, BeginsAsView(item) ? ReadSchema(item.Name) : null)),
    ];

    private bool BeginsAsView(ZipItem item)
    {
        var begin = new byte[8];
        try
        {
            using var stream = _content.Open(item);
            return stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == begin.Length && DataViewReader.IsOne(begin);
        }
        catch (Exception fault) when (fault is FormatFault or InvalidDataException)
        {
            return false;
        }
    }

    private IReadOnlyList<ModelFileColumn> ReadSchema(string name) =>
        Get(name) is { } bytes ? new DataViewReader(bytes, _budget, Report(name)).Read() : [];

    private string? ReadVersion() =>
        _items.TryGetValue(VersionName, out var item) && item.Size <= 1000 && Get(VersionName) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;

    private ZipItem Item(string name) => _items.GetValueOrDefault(name) ?? throw new FormatFault("the entry", "none of this name", null);

    private byte[]? Get(string name)
    {
        byte[]? bytes = null;
        Try(name, () => bytes = _content.Bytes(Item(name)));
        return bytes;
    }

    private static string Join(string folder, string name) => folder == "" ? name : $"{folder}/{name}";

    private void Try(string entry, Action read)
    {
        try
        {
            read();
        }
        catch (FormatFault fault)
        {
            Report(entry)(fault);
        }
    }

    private Action<FormatFault> Report(string? entry) => fault =>
    {
        if (_faults.Count < MostFaults)
            _faults.Add(new ModelFileFault(entry, fault.Offset, fault.Expected, fault.Got));
    };
}
