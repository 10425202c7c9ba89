using CnnTrainers.Training;

namespace CnnTrainers.Persistence.Weights;

/// <summary>A file of named tensors, open for reading: .safetensors, a PyTorch state dict (.pth, .pt), or ONNX.</summary>
internal sealed class WeightArchive(string path, IReadOnlyList<WeightEntry> entries, IDisposable source) : IDisposable
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Its tensors, in the file's order.</summary>
    public IReadOnlyList<WeightEntry> Entries { get; } = entries;

    /// <summary>What the images went through that the weights were trained on; null where the file does not say.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>Opens a weight file; its kind is told by its content, not its name.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">It does not exist.</exception>
    /// <exception cref="InvalidDataException">It is of none of these kinds, is damaged, or holds what no state dict holds.</exception>
    public static WeightArchive Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"The weight file '{path}' does not exist.", path);
        FileStream file = File.OpenRead(path);
        try
        {
            Span<byte> start = stackalloc byte[9];
            int length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            file.Position = 0;
            return start[..length] switch
            {
                [(byte)'P', (byte)'K', 3, 4, ..] => TorchFile.OpenZip(path, file),
                [.., (byte)'{'] when length == start.Length => OpenSafeTensors(path, file),
                [0x80, ..] => TorchFile.OpenOlder(path, file),
                [0x08, ..] => OnnxWeights.Open(path, file),
                _ => throw new InvalidDataException($"{path}: neither a .safetensors file, nor a PyTorch state dict (.pth, .pt), nor ONNX."),
            };
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is InvalidDataException && !e.Message.StartsWith(path, StringComparison.Ordinal)) throw new InvalidDataException($"{path} is damaged: {e.Message}", e);
            throw;
        }
    }

    private static WeightArchive OpenSafeTensors(string path, FileStream file)
    {
        IReadOnlyList<SafeTensors.Entry> entries = SafeTensors.ReadHeader(file);
        long values = file.Position, expected = entries.Count > 0 ? entries[^1].End : 0;
        if (expected != file.Length - values)
            throw new InvalidDataException(FormattableString.Invariant($"{path}: its values should take {expected:N0} bytes, the file has {file.Length - values:N0}."));
        return new WeightArchive(path, [.. entries.Select(e => new WeightEntry(e.Name, SafeTensors.TypeNamed(e.Type), e.Shape, null, bytes => Read(file, values + e.Begin, bytes)))], file);
    }

    /// <summary>Reads from a place of a file.</summary>
    internal static void Read(FileStream file, long position, Span<byte> bytes)
    {
        file.Position = position;
        file.ReadExactly(bytes);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => source.Dispose();
}
