using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using CnnTrainers.Persistence;
using Microsoft.ML;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>Reads one model file into a report.</summary>
internal sealed class ModelFileReader(Stream file)
{
    private const int MostOfAPart = 1 << 24; // of a Model.key or Model.json: they are held in memory
    private const string KeyName = "Model.key";
    private readonly List<ModelFileFault> _faults = [];

    public ModelFileReport Read()
    {
        var (entries, parts, writtenBy) = (new List<ModelFileEntry>(), new List<ModelFilePart>(), (string?)null);
        using (var archive = Open())
        {
            foreach (var entry in archive?.Entries ?? [])
            {
                entries.Add(new(entry.FullName, entry.Length, entry.CompressedLength));
                var name = PathOf(entry).Split('/')[^1];
                var content = Content(entry, name is KeyName or "Version.txt" ? MostOfAPart : 0);
                if (content is not null && name == "Version.txt")
                    writtenBy = Encoding.UTF8.GetString(content.AsSpan(0, Math.Min(content.Length, 100))).Trim();
                if (content is not null && name == KeyName && Part(archive!, entry, content) is { } part)
                    parts.Add(part);
            }
            if (archive is not null && entries.TrueForAll(entry => !entry.Name.EndsWith(KeyName, StringComparison.Ordinal)))
                Fault(null, $"a model of ML.NET, which has {KeyName} in it", entries.Count == 0 ? "an empty archive" : $"an archive of other things, such as '{entries[0].Name}'");
        }
        var (input, output, missing) = _faults.Count == 0 ? Load() : default;
        return new ModelFileReport
        {
            Bytes = file.Length, WrittenBy = writtenBy, Entries = entries, Parts = [.. parts.OrderBy(part => part.Folder, StringComparer.Ordinal)],
            InputColumns = input, OutputColumns = output, Missing = missing, Faults = _faults,
        };
    }

    // A network's description is read again with its part; what is wrong with it is said once.
    private void Fault(string? entry, string expected, string got)
    {
        if (new ModelFileFault(entry, expected, got) is var fault && !_faults.Contains(fault))
            _faults.Add(fault);
    }

    private ZipArchive? Open()
    {
        const string archive = "a zip archive, which begins with 'PK'";
        var start = new byte[4];
        file.Position = 0;
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (length < start.Length || start is not [(byte)'P', (byte)'K', ..])
        {
            Fault(null, archive, file.Length == 0 ? "an empty file" : FormattableString.Invariant($"{file.Length:N0} bytes that begin with {Beginning(start.AsSpan(0, length))}"));
            return null;
        }
        try
        {
            var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            _ = zip.Entries.Count; // reads the directory
            return zip;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException)
        {
            Fault(null, "a zip archive with its directory at the end", FormattableString.Invariant($"{file.Length:N0} bytes without one: the file was cut off, or is damaged there ({e.Message})"));
            return null;
        }
    }

    private static string Beginning(ReadOnlySpan<byte> bytes) =>
        bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Convert.ToHexString(bytes) : $"the text '{Encoding.ASCII.GetString(bytes)}'";

    // All of an entry passes by, for its checksum; so much of it is kept.
    private byte[]? Content(ZipArchiveEntry entry, int most)
    {
        var (checksum, buffer, kept, left) = (new Crc32(), new byte[1 << 16], new MemoryStream(), entry.Length);
        try
        {
            using var stream = entry.Open();
            for (int read; left >= 0 && (read = stream.Read(buffer)) > 0; left -= read)
            {
                checksum.Append(buffer.AsSpan(0, read));
                if (kept.Length < most)
                    kept.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Fault(entry.FullName, "packed data", $"what does not unpack: {e.Message}");
            return null;
        }
        if (left == 0 && checksum.GetCurrentHashAsUInt32() == entry.Crc32)
            return kept.ToArray();
        Fault(entry.FullName, FormattableString.Invariant($"{entry.Length:N0} bytes with the checksum {entry.Crc32:X8}"), left == 0 ? $"the checksum {checksum.GetCurrentHashAsUInt32():X8}" : left > 0 ? FormattableString.Invariant($"{entry.Length - left:N0} bytes") : "more");
        return null;
    }

    // Files that were written on Windows may have its separator.
    private static string PathOf(ZipArchiveEntry entry) => entry.FullName.Replace('\\', '/');

    private ModelFilePart? Part(ZipArchive archive, ZipArchiveEntry entry, byte[] content)
    {
        var folder = PathOf(entry)[..^KeyName.Length].TrimEnd('/');
        try
        {
            var part = PartHeader.Read(folder, content);
            return part.Loader == SavedComponent.LoaderSignature ? part with { Network = Network(archive, folder) } : part;
        }
        catch (InvalidDataException e)
        {
            Fault(entry.FullName, "the header of a part of a model", e.Message);
            return null;
        }
    }

    private ModelFileNetwork? Network(ZipArchive archive, string folder)
    {
        var (description, weights) = (Beside(NetworkFile.DescriptionName), Beside(NetworkFile.WeightsName));
        try
        {
            if (description is null || Content(description, MostOfAPart) is not { } text)
                return null;
            IReadOnlyList<SafeTensors.Entry> tensors = [];
            if (weights is not null)
            {
                using var stream = weights.Open();
                tensors = SafeTensors.ReadHeader(stream, out var start);
                if (start + (tensors.Count == 0 ? 0 : tensors[^1].End) is var end && end != weights.Length)
                    Fault(weights.FullName, FormattableString.Invariant($"{end:N0} bytes, as its header says"), FormattableString.Invariant($"{weights.Length:N0}"));
            }
            return Describe(text, tensors);
        }
        catch (InvalidDataException e)
        {
            Fault(folder, $"{NetworkFile.DescriptionName} and {NetworkFile.WeightsName} of a network", e.Message);
            return null;
        }

        ZipArchiveEntry? Beside(string name)
        {
            var entry = archive.Entries.FirstOrDefault(entry => PathOf(entry) == $"{folder}/{name}");
            if (entry is null)
                Fault($"{folder}/{name}", "a part of the network", "no such entry");
            return entry;
        }
    }

    private static ModelFileNetwork Describe(byte[] text, IReadOnlyList<SafeTensors.Entry> tensors)
    {
        var document = ModelDocument.Parse(text);
        return new ModelFileNetwork
        {
            Version = document.Version,
            Architecture = document.Architecture.Variant is { ValueKind: JsonValueKind.Object } variant && variant.TryGetProperty("name", out var name) ? name.ToString() : "",
            Family = document.Architecture.Family,
            Shape = document.Input.Shape,
            Interleaved = document.Input.Interleaved,
            Mean = document.Input.Mean,
            Std = document.Input.Std,
            ClassCount = document.Classes.Count,
            Classes = document.Classes.Values,
            FeatureColumnName = document.Columns.Features,
            Tensors = tensors.Count,
            Values = tensors.Sum(entry => entry.Shape.Aggregate(1L, (product, dimension) => product * dimension)),
            WeightBytes = tensors.Count == 0 ? 0 : tensors[^1].End,
            Training = document.Training,
            Description = JsonSerializer.Deserialize<JsonElement>(text),
        };
    }

    private (IReadOnlyList<ModelFileColumn>? Input, IReadOnlyList<ModelFileColumn>? Output, string? Missing) Load()
    {
        try
        {
            file.Position = 0;
            var model = new MLContext().Model.Load(file, out var schema);
            using var owned = model as IDisposable;
            if (schema is null)
                return default;
            return (Columns(schema), Added(model, schema), null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var cause = e;
            while (cause.InnerException is { } inner)
                cause = inner;
            if (cause is FileNotFoundException or FileLoadException)
                return (null, null, cause.Message);
            Fault(null, "a model that ML.NET loads", cause.Message);
            return default;
        }
    }

    // A model may be saved with another schema than it takes.
    private static List<ModelFileColumn>? Added(ITransformer model, DataViewSchema schema)
    {
        try
        {
            var known = schema.Select(column => (column.Name, column.Type)).ToHashSet();
            return Columns(model.GetOutputSchema(schema).Where(column => !known.Contains((column.Name, column.Type))));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<ModelFileColumn> Columns(IEnumerable<DataViewSchema.Column> columns) =>
        [.. columns.Select(column => new ModelFileColumn(column.Name, column.Type.ToString()!, column.IsHidden))];
}
