using System.IO.Compression;

/// <summary>Archives as lists of names and bytes.</summary>
internal static class ZipText
{
    public static List<(string Name, byte[] Bytes)> Unpack(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return [.. zip.Entries.Select(entry =>
        {
            using var bytes = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(bytes);
            return (entry.FullName, bytes.ToArray());
        })];
    }

    public static byte[] Pack(IEnumerable<(string Name, byte[] Bytes)> entries)
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in entries)
            {
                using var stream = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                stream.Write(bytes);
            }
        return archive.ToArray();
    }

    /// <summary>The archive with one entry's bytes replaced.</summary>
    public static byte[] With(byte[] archive, string name, Func<byte[], byte[]> edit) =>
        Pack(Unpack(archive).Select(entry => entry.Name == name ? (entry.Name, edit(entry.Bytes)) : entry));
}
