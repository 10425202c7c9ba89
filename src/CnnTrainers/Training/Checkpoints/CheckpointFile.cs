using CnnTrainers.Devices;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using CnnTrainers.Persistence;
using CnnTrainers.Persistence.Weights;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// A checkpoint in a file: the 8 bytes <c>CNNCKPT</c> and version, the length of the JSON (8 bytes), the JSON, the tensors as a
/// safetensors stream, and the CRC-32 of all that (4 bytes). Numbers are little-endian.
/// </summary>
internal sealed class CheckpointFile
{
    private const int StartLength = 16, CrcLength = 4;

    private static readonly byte[] Magic = [.. "CNNCKPT"u8, 1];

    private readonly string _path;
    private readonly long _tensorsAt;

    private CheckpointFile(string path, Checkpoint content, long tensorsAt) => (_path, Content, _tensorsAt) = (path, content, tensorsAt);

    /// <summary>All but the tensors.</summary>
    public Checkpoint Content { get; }

    /// <summary>Writes a file; it is on the disk when this returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, Checkpoint content, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        var sum = new ChecksumStream(file);
        var (json, length) = (content.ToJson(), new byte[8]);
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        sum.Write(Magic);
        sum.Write(length);
        sum.Write(json);
        SafeTensors.Write(sum, tensors);
        var crc = new byte[CrcLength];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, sum.Value);
        file.Write(crc);
        file.Flush(flushToDisk: true);
    }

    /// <summary>What the first process has read, for another: it has no tensors of its own to give.</summary>
    public static CheckpointFile Of(Checkpoint content) => new("", content, 0);

    /// <summary>Opens a file and checks that it is whole.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CheckpointFile Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var start = new byte[StartLength];
        if (file.ReadAtLeast(start, StartLength, throwOnEndOfStream: false) < StartLength || !start.AsSpan(0, 7).SequenceEqual(Magic.AsSpan(0, 7)))
            throw new InvalidDataException("it is no checkpoint");
        if (start[7] != Magic[7])
            throw new InvalidDataException($"it has version {start[7]}, this library reads version {Magic[7]}");
        CheckSum(file);
        var length = BinaryPrimitives.ReadInt64LittleEndian(start.AsSpan(8));
        if (length < 2 || length > file.Length - StartLength)
            throw new InvalidDataException($"its description has {length} bytes");
        file.Position = StartLength;
        var json = new byte[length];
        file.ReadExactly(json);
        try
        {
            return new(path, Checkpoint.FromJson(json), StartLength + length);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"its description cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Gives tensors the values of the file.</summary>
    /// <exception cref="InvalidDataException">The file has others.</exception>
    public void ReadInto(IEnumerable<(string Name, Tensor Value)> tensors)
    {
        using var noGrad = no_grad();
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        file.Position = _tensorsAt;
        var entries = SafeTensors.ReadHeader(file);
        var targets = tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Value);
        if (SafeTensors.Differences(entries, targets.Select(target => (target.Key, target.Value))) is { Count: > 0 } differences)
            throw new InvalidDataException($"The checkpoint {_path} does not fit the network:\n- {string.Join("\n- ", differences.Take(20))}");
        foreach (var entry in entries)
        {
            using var scope = NewDisposeScope();
            var values = ComputeDevice.Cpu.Empty(entry.Shape, SafeTensors.TypeNamed(entry.Type));
            file.ReadExactly(values.bytes);
            targets[entry.Name].copy_(values); // in its own layout
        }
    }

    private static void CheckSum(FileStream file)
    {
        var (crc, left, buffer) = (new Crc32(), file.Length - CrcLength, new byte[1 << 16]);
        file.Position = 0;
        while (left > 0)
        {
            var read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
                break;
            crc.Append(buffer.AsSpan(0, read));
            left -= read;
        }
        if (left != 0 || file.ReadAtLeast(buffer.AsSpan(0, CrcLength), CrcLength, throwOnEndOfStream: false) < CrcLength
            || BinaryPrimitives.ReadUInt32LittleEndian(buffer) != crc.GetCurrentHashAsUInt32())
            throw new InvalidDataException("its checksum is wrong");
    }
}
