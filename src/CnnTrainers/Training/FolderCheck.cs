namespace CnnTrainers.Training;

/// <summary>Whether the options' folders can be written to: before images are read, which takes long.</summary>
internal static class FolderCheck
{
    /// <summary>Throws where the log's folder, or the one for what does not fit into memory, cannot be written to.</summary>
    /// <exception cref="ArgumentException">One cannot be.</exception>
    public static void Run(CnnTrainerOptions options)
    {
        if (options.LogFolder is { } log)
            Prove(nameof(CnnTrainerOptions.LogFolder), log, isMade: true);
        if (options.TemporaryFolder is { } temporary)
            Prove(nameof(CnnTrainerOptions.TemporaryFolder), temporary, isMade: false);
    }

    /// <summary>Throws where a folder cannot be written to; leaves all as it was.</summary>
    /// <param name="option">The option that names it, for the message.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="isMade">Whether it is made where it does not exist.</param>
    /// <exception cref="ArgumentException">It cannot be.</exception>
    public static void Prove(string option, string folder, bool isMade)
    {
        try
        {
            var missing = new List<string>(); // the deepest first
            for (var at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); isMade && at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
                missing.Add(at);
            if (isMade)
                Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".cnn-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            missing.ForEach(Directory.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ArgumentException($"{option}: '{folder}' cannot be written to: {e.Message}", e);
        }
    }
}
