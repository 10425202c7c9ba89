using SkiaSharp;

namespace CnnTrainers.Cli.Previewing;

/// <summary>A font of this machine. Skia itself finds none on Linux, as it is built there without fontconfig.</summary>
internal static class Fonts
{
    private static readonly string[] _preferred = ["DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "segoeui.ttf", "arial.ttf", "Arial.ttf"];

    /// <summary>The font for plain text; null where there is none.</summary>
    public static SKTypeface? Find()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] folders = [Environment.GetFolderPath(Environment.SpecialFolder.Fonts), "/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(home, ".fonts"), Path.Combine(home, ".local/share/fonts"), "/System/Library/Fonts", "/Library/Fonts"];
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        string[] files = [.. folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.*", everywhere))
            .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".ttf" or ".otf" or ".ttc")
            .OrderBy(file => Array.IndexOf(_preferred, Path.GetFileName(file)) is >= 0 and var place ? place : _preferred.Length).ThenBy(file => file, StringComparer.Ordinal)];
        return files.Select(file => SKTypeface.FromFile(file)).FirstOrDefault(font => font is not null);
    }
}
