using static TorchSharp.torch;

namespace CnnTrainers.Persistence.Weights;

/// <summary>One tensor of a weight file.</summary>
/// <param name="Name">Its name in the state dict.</param>
/// <param name="Type">Its element type in the file.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Strides">Elements between neighbours along each dimension; null: contiguous.</param>
/// <param name="Open">Opens a stream at its first element.</param>
internal sealed record WeightEntry(string Name, ScalarType Type, long[] Shape, long[]? Strides, Func<Stream> Open)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>Bytes per element of a type that weight files hold.</summary>
    public static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type of weight files."),
    };

    /// <summary>Reads the tensor; the caller owns it. One copy of its bytes is made, its own.</summary>
    public Tensor Read()
    {
        using Stream stream = Open();
        if (Strides is null || IsContiguous(Shape, Strides)) return ReadFlat(stream, Shape);
        long span = Count == 0 ? 0 : 1 + Shape.Zip(Strides, (n, stride) => (n - 1) * stride).Sum();
        using Tensor flat = ReadFlat(stream, [span]);
        using Tensor view = flat.as_strided(Shape, Strides);
        return view.contiguous();
    }

    private Tensor ReadFlat(Stream stream, long[] shape)
    {
        Tensor tensor = empty(shape, Type);
        try
        {
            if (tensor.numel() > 0) stream.ReadExactly(tensor.bytes);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private static bool IsContiguous(long[] shape, long[] strides)
    {
        long expected = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] != 1 && strides[i] != expected) return false;
            expected *= shape[i];
        }
        return true;
    }
}

/// <summary>A file of named tensors, open for reading: .safetensors, or a PyTorch state dict (.pth, .pt).</summary>
internal sealed class WeightArchive(string path, IReadOnlyList<WeightEntry> entries, IDisposable source) : IDisposable
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Its tensors, in the file's order.</summary>
    public IReadOnlyList<WeightEntry> Entries { get; } = entries;

    /// <summary>Opens a weight file; its kind is told by its content, not its name.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">It does not exist.</exception>
    /// <exception cref="InvalidDataException">It is of none of these kinds, is damaged, or holds what no state dict holds.</exception>
    public static WeightArchive Open(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"The weight file '{path}' does not exist.", path);
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        try
        {
            Span<byte> start = stackalloc byte[16];
            int length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            file.Position = 0;
            if (start[..length].StartsWith("PK\x3\x4"u8)) return TorchFile.OpenZip(path, file);
            if (start[..length].StartsWith(TorchFile.LegacyStart)) return TorchFile.OpenLegacy(path, file);
            if (length > 8 && start[8] == '{') return OpenSafeTensors(path, file);
            throw new InvalidDataException($"{path}: neither a .safetensors file nor a PyTorch state dict (.pth, .pt).");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static WeightArchive OpenSafeTensors(string path, FileStream file)
    {
        IReadOnlyList<SafeTensors.Entry> entries = SafeTensors.ReadHeader(file);
        long values = file.Position;
        if (entries.Count > 0 && entries[^1].End > file.Length - values)
            throw new InvalidDataException($"{path}: it is cut off; its values should take {entries[^1].End:N0} bytes, the file has {file.Length - values:N0}.");
        return new WeightArchive(path, [.. entries.Select(e => new WeightEntry(e.Name, SafeTensors.TypeNamed(e.Type), e.Shape, null, () => OpenAt(path, values + e.Begin)))], file);
    }

    /// <summary>A stream of its own at a place of a file.</summary>
    internal static Stream OpenAt(string path, long position) =>
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16) { Position = position };

    /// <summary>Closes the file.</summary>
    public void Dispose() => source.Dispose();
}
