using System.IO.Compression;
using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Named streams in a zip archive. Entry names have '/', whatever the platform.</summary>
internal abstract class Repository : IDisposable
{
    /// <summary>The folder for files that hold the bytes of open entries, or null: then they are held in memory.</summary>
    protected readonly string DirTemp;

    private readonly HashSet<Entry> _open = [];

    internal Repository(bool needDir, IExceptionContext ectx)
    {
        ExceptionContext = ectx;
        DirTemp = needDir ? (ectx as IHostEnvironmentInternal)?.TempFilePath ?? Path.GetTempPath() : null;
    }

    public IExceptionContext ExceptionContext { get; }

    protected bool Disposed { get; private set; }

    public void Dispose()
    {
        if (Disposed)
            return;
        Dispose(true);
        Disposed = true;
    }

    protected virtual void Dispose(bool disposing) => DisposeAllEntries();

    protected abstract void OnDispose(Entry ent);

    protected void DisposeAllEntries()
    {
        foreach (Entry entry in _open.ToArray())
            entry.Dispose();
    }

    protected Entry AddEntry(string pathEnt, Stream stream)
    {
        var entry = new Entry(this, pathEnt, stream);
        _open.Add(entry);
        return entry;
    }

    protected void RemoveEntry(Entry ent) => _open.Remove(ent);

    protected void GetPath(out string pathEnt, out string pathTemp, string dir, string name, bool createDir)
    {
        ExceptionContext.Check(!Disposed, "Disposed already");
        ExceptionContext.CheckNonEmpty(name, nameof(name));
        ExceptionContext.CheckParam(!name.Split('/', '\\').Contains(".."), nameof(name));
        pathEnt = NormalizeForArchiveEntry(string.IsNullOrEmpty(dir) ? name : $"{dir}/{name}");
        // Not derived from the name: an archive's names are not to be trusted as paths.
        pathTemp = DirTemp is null ? null : Path.Combine(DirTemp, $"ml_{Guid.NewGuid():N}.tmp");
    }

    /// <summary>A file that is gone when its stream is closed, and even when the process is killed.</summary>
    internal static Stream OpenTemporary(string path)
    {
        var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        // Elsewhere a file that is open can lose its name at once; Windows deletes it when its last handle goes.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return stream;
    }

    protected static string NormalizeForArchiveEntry(string path) => path?.Replace('\\', '/');

    /// <summary>One open stream.</summary>
    public sealed class Entry : IDisposable
    {
        private Repository _repository;

        internal Entry(Repository rep, string path, Stream stream)
        {
            _repository = rep;
            Path = path;
            Stream = stream;
        }

        public string Path { get; }

        public Stream Stream { get; }

        public void Dispose()
        {
            Repository repository = Interlocked.Exchange(ref _repository, null);
            if (repository is null)
                return;
            repository.OnDispose(this);
            repository.RemoveEntry(this);
            Stream.Dispose();
        }
    }
}

/// <summary>
/// Writes a zip archive. An entry is put into it when it is disposed, so children come before the parent that stayed open;
/// the time stamp is fixed, so the same model gives the same bytes.
/// </summary>
internal sealed class RepositoryWriter : Repository
{
    private static readonly DateTimeOffset _fixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly HashSet<string> _names = [];
    private ZipArchive _archive;

    private RepositoryWriter(Stream stream, IExceptionContext ectx, bool useFileSystem = true) : base(useFileSystem, ectx) =>
        _archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);

    public static RepositoryWriter CreateNew(Stream stream, IExceptionContext ectx = null, bool useFileSystem = true)
    {
        ectx.CheckValue(stream, nameof(stream));
        return new RepositoryWriter(stream, ectx, useFileSystem);
    }

    public Entry CreateEntry(string name) => CreateEntry("", name);

    public Entry CreateEntry(string dir, string name)
    {
        GetPath(out string pathEnt, out string pathTemp, dir, name, createDir: true);
        ExceptionContext.Check(_archive is not null, "The archive is committed already");
        ExceptionContext.Check(_names.Add(pathEnt), $"Duplicate entry: '{pathEnt}'");
        Stream stream = pathTemp is null ? new MemoryStream() : OpenTemporary(pathTemp);
        return AddEntry(pathEnt, stream);
    }

    /// <summary>Ends the archive. Without this call the stream holds no complete archive.</summary>
    public void Commit()
    {
        ExceptionContext.Check(_archive is not null, "The archive is committed already");
        DisposeAllEntries();
        _archive.Dispose();
        _archive = null;
    }

    protected override void OnDispose(Entry ent)
    {
        if (_archive is null)
            return;
        // Learned weights hardly become smaller, however long one tries.
        ZipArchiveEntry target = _archive.CreateEntry(ent.Path, CompressionLevel.Fastest);
        target.LastWriteTime = _fixedTime;
        ent.Stream.Position = 0;
        using Stream stream = target.Open();
        ent.Stream.CopyTo(stream);
    }

    protected override void Dispose(bool disposing)
    {
        // Not committed: saving has failed, and the entries that are still open are not to be written.
        _archive = null;
        base.Dispose(disposing);
    }
}

/// <summary>Reads a zip archive; names are looked up with '/' and then with '\'.</summary>
internal sealed class RepositoryReader : Repository
{
    /// <summary>Larger entries are unpacked into a file.</summary>
    private const long MaxInMemory = 1 << 20;

    private readonly ZipArchive _archive;

    private RepositoryReader(Stream stream, IExceptionContext ectx, bool useFileSystem) : base(useFileSystem, ectx)
    {
        try
        {
            _archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            CheckNames(stream);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static RepositoryReader Open(Stream stream, IExceptionContext ectx = null, bool useFileSystem = true)
    {
        ectx.CheckValue(stream, nameof(stream));
        return new RepositoryReader(stream, ectx, useFileSystem);
    }

    public Entry OpenEntry(string name) => OpenEntry("", name);

    public Entry OpenEntry(string dir, string name) =>
        OpenEntryOrNull(dir, name) ?? throw ExceptionContext.ExceptDecode($"The model file has no entry '{(string.IsNullOrEmpty(dir) ? name : $"{dir}/{name}")}'");

    public Entry OpenEntryOrNull(string name) => OpenEntryOrNull("", name);

    public Entry OpenEntryOrNull(string dir, string name)
    {
        GetPath(out string pathEnt, out string pathTemp, dir, name, createDir: false);
        ZipArchiveEntry source = _archive.GetEntry(pathEnt) ?? _archive.GetEntry(pathEnt.Replace('/', '\\'));
        if (source is null)
            return null;
        Stream stream = pathTemp is null || source.Length <= MaxInMemory
            ? new MemoryStream()
            : OpenTemporary(pathTemp);
        try
        {
            using Stream packed = source.Open();
            CopyChecked(packed, stream, source);
        }
        catch (InvalidDataException exception)
        {
            stream.Dispose();
            throw new InvalidDataException($"Entry '{pathEnt}' of the model file is corrupt: {exception.Message}", exception).Process(ExceptionContext);
        }
        stream.Position = 0;
        return AddEntry(pathEnt, stream);
    }

    /// <summary>
    /// A name stands in the archive's directory and before the entry's data. Where one of them is damaged an entry that may be absent
    /// would be, without a word. Entries that do not follow one another, or have no size there, are left alone.
    /// </summary>
    private void CheckNames(Stream stream)
    {
        const int HeaderSize = 30;
        var header = new byte[HeaderSize];
        long place = 0;
        foreach (ZipArchiveEntry entry in stream.CanSeek ? _archive.Entries : [])
        {
            stream.Position = place;
            if (stream.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || BitConverter.ToUInt32(header) != 0x04034B50 || (header[6] & 8) != 0)
                return;
            var name = new byte[BitConverter.ToUInt16(header, 26)];
            stream.ReadAtLeast(name, name.Length, throwOnEndOfStream: false);
            if (Encoding.UTF8.GetString(name) is var text && text != entry.FullName)
                throw new InvalidDataException($"An entry is named '{entry.FullName}' in the archive's directory, and '{text}' before its data");
            place += HeaderSize + name.Length + BitConverter.ToUInt16(header, 28) + entry.CompressedLength;
        }
    }

    /// <summary>Never takes more than the archive says, and compares the checksum: the archive's reader may do neither.</summary>
    private static void CopyChecked(Stream packed, Stream target, ZipArchiveEntry source)
    {
        var buffer = new byte[1 << 16];
        uint crc = 0;
        long left = source.Length;
        for (int read; (read = packed.Read(buffer)) > 0; left -= read)
        {
            if (read > left)
                throw new InvalidDataException($"It unpacks to more than the {source.Length} bytes that the archive says");
            crc = Crc32.Add(crc, buffer.AsSpan(0, read));
            target.Write(buffer, 0, read);
        }
        if (left > 0)
            throw new InvalidDataException($"It has {source.Length - left} bytes, where the archive says {source.Length}");
        if (crc != source.Crc32)
            throw new InvalidDataException("Its bytes do not have the checksum that the archive says");
    }

    protected override void OnDispose(Entry ent)
    {
    }

    protected override void Dispose(bool disposing)
    {
        _archive?.Dispose();
        base.Dispose(disposing);
    }
}
