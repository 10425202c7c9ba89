using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace CnnTrainers.Training;

/// <summary>
/// A temporary file that grows by whole chunks and is read through memory maps. It is gone when this object is disposed or the process
/// ends, however it ends: where the system allows it the name is removed at once, elsewhere the system deletes the file on close.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    private readonly FileStream _file;
    private readonly List<(MemoryMappedFile Map, MemoryMappedViewAccessor View)> _chunks = [];

    /// <summary>Creates the file.</summary>
    /// <param name="folder">The folder, or null for the system's temporary folder.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public SpillFile(string? folder)
    {
        Path = System.IO.Path.Combine(folder ?? System.IO.Path.GetTempPath(), $"cnn-pixels-{Guid.NewGuid():N}.tmp");
        _file = new FileStream(Path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 1, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
            File.Delete(Path);
    }

    /// <summary>Where the file is, or was before its name was removed.</summary>
    public string Path { get; }

    /// <summary>Writes one more chunk and maps it. Written, not mapped first: a full disk is then an IOException, not a crash.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(ReadOnlySpan<byte> chunk)
    {
        var start = _file.Length;
        SafeFileHandle handle = _file.SafeFileHandle;
        try
        {
            RandomAccess.Write(handle, chunk, start);
        }
        catch (IOException e)
        {
            throw new IOException(FormattableString.Invariant($"Cannot keep the training images in the temporary file {Path} ({start + chunk.Length:N0} bytes): {e.Message}"), e);
        }
        var map = MemoryMappedFile.CreateFromFile(_file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _chunks.Add((map, map.CreateViewAccessor(start, chunk.Length, MemoryMappedFileAccess.Read)));
    }

    /// <summary>Copies bytes out of a chunk. Many threads may read.</summary>
    public void Read(int chunk, int offset, Span<byte> destination)
    {
        var view = _chunks[chunk].View;
        view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(view.PointerOffset + offset), destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (map, view) in _chunks)
        {
            view.Dispose();
            map.Dispose();
        }
        _chunks.Clear();
        _file.Dispose();
    }
}
