using System.IO.Compression;

namespace Compat.MLNet.Tests.ModelFiles;

/// <summary>The files that the published ML.NET wrote, and what archives hold.</summary>
internal static class TestFiles
{
    public static string Zip(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "Zips", name);

    public static List<(string Name, byte[] Bytes)> Entries(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return zip.Entries.Select(entry =>
        {
            var bytes = new MemoryStream();
            using Stream stream = entry.Open();
            stream.CopyTo(bytes);
            return (entry.FullName, bytes.ToArray());
        }).ToList();
    }
}
