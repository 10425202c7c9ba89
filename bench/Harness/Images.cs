namespace CnnTrainers.Bench.Harness;

/// <summary>Folders of image files that cost a decoder what photographs cost it. Made once and kept in the temporary folder.</summary>
internal static class Images
{
    // Goes into the folder's name: files of an older script are not taken for today's.
    private const int Version = 2;

    public static string Folder(int count, int width, int height, int classes = 1, string kind = "jpg")
    {
        string folder = Path.Combine(Path.GetTempPath(), "cnntrainers-bench", $"v{Version}-{count}x{width}x{height}-{classes}-{kind}");
        if (Directory.Exists(folder))
            return folder;
        Console.Error.WriteLine($"making {count} files ({kind}) of {width}x{height} pixels");
        string unfinished = $"{folder}.{Environment.ProcessId}";
        Directory.CreateDirectory(unfinished);
        Contest.Output(Commands.Peer("make_images.py", unfinished, $"{count}", $"{width}", $"{height}", $"{classes}", kind), "make_images.py");
        Directory.Move(unfinished, folder);
        return folder;
    }

    /// <summary>The mean size of a folder's files, in bytes.</summary>
    public static double MeanBytes(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Average(file => file.Length);
}
