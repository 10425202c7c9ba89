using Microsoft.Win32.SafeHandles;

namespace CnnTrainers.Pipelines.Decoding;

/// <summary>A whole file in memory that the next one uses again.</summary>
internal sealed unsafe class FileBytes : IDisposable
{
    private const int LeastRead = 1 << 16, MostBytes = 1 << 30;

    private readonly NativeBuffer _buffer = new();

    public byte* Data { get; private set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => new(Data, Length);

    /// <summary>Reads a file, which may be a pipe.</summary>
    /// <returns>What is wrong with it, in words that may follow its name; null where all is well.</returns>
    public string? Read(string path)
    {
        if (Directory.Exists(path)) return "it is a folder";
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return ReadAll(file) ?? (Length == 0 ? "the file is empty" : null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return MissingFile.Reason(path);
        }
        catch (UnauthorizedAccessException)
        {
            return "reading the file is not permitted";
        }
        catch (IOException e)
        {
            return $"the file cannot be read: {e.Message}";
        }
    }

    /// <summary>The image is done.</summary>
    public void Trim() => _buffer.Trim();

    public void Dispose() => _buffer.Dispose();

    private string? ReadAll(SafeFileHandle file)
    {
        Length = 0;
        long room = CanSeek(file) ? RandomAccess.GetLength(file) : 0;
        while (true)
        {
            // One byte more than the length: where nothing comes into it the file is read.
            room = Math.Max(room + 1, Length + (long)LeastRead);
            if (room > MostBytes) return $"the file is larger than {MostBytes >> 20} MB";
            Data = _buffer.Take(room);
            while (Length < room)
            {
                int read = RandomAccess.Read(file, new Span<byte>(Data + Length, (int)room - Length), Length);
                if (read == 0) return null;
                Length += read;
            }
            room = 2 * room;
        }
    }

    private static bool CanSeek(SafeFileHandle file)
    {
        try
        {
            return RandomAccess.GetLength(file) >= 0;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
