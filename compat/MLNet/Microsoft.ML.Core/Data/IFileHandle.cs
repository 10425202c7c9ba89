using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A file that may be opened for reading, or written once.</summary>
public interface IFileHandle : IDisposable
{
    bool CanWrite { get; }

    bool CanRead { get; }

    Stream CreateWriteStream();

    Stream OpenReadStream();
}

/// <summary>A file of the file system.</summary>
public sealed class SimpleFileHandle : IFileHandle
{
    private readonly IExceptionContext _ectx;
    private readonly string _fullPath;
    private readonly bool _autoDelete;
    private readonly List<Stream> _streams = [];
    private bool _needsWrite;
    private bool _disposed;

    public SimpleFileHandle(IExceptionContext ectx, string path, bool needsWrite, bool autoDelete)
    {
        Contracts.CheckValue(ectx, nameof(ectx));
        ectx.CheckNonWhiteSpace(path, nameof(path));
        _ectx = ectx;
        _fullPath = Path.GetFullPath(path);
        _needsWrite = needsWrite;
        _autoDelete = autoDelete;
    }

    public bool CanWrite => !_disposed && _needsWrite;

    public bool CanRead => !_disposed && !_needsWrite;

    public Stream CreateWriteStream()
    {
        _ectx.Check(!_disposed, "Disposed already");
        _ectx.Check(_needsWrite, "CreateWriteStream has already been called");
        _needsWrite = false;
        return Keep(new FileStream(_fullPath, FileMode.Create, FileAccess.Write));
    }

    public Stream OpenReadStream()
    {
        _ectx.Check(!_disposed, "Disposed already");
        _ectx.Check(!_needsWrite, "Should call CreateWriteStream before OpenReadStream");
        return Keep(new FileStream(_fullPath, FileMode.Open, FileAccess.Read, FileShare.Read));
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _streams.ForEach(stream => stream.Dispose());
        if (_autoDelete)
            File.Delete(_fullPath);
    }

    private Stream Keep(Stream stream)
    {
        _streams.RemoveAll(s => !s.CanRead && !s.CanWrite);
        _streams.Add(stream);
        return stream;
    }
}
