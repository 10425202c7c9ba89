using System.Text;

namespace CnnTrainers.Pipelines;

/// <summary>What a file is, by its first bytes, that should have been an image.</summary>
internal static class FileKind
{
    private const string Convert = "which is not read; convert it to PNG or JPEG";

    private static readonly (int At, byte[] Bytes, string Words)[] _known =
    [
        (0, "II*\0"u8.ToArray(), $"it is a TIFF file, {Convert}"),
        (0, "MM\0*"u8.ToArray(), $"it is a TIFF file, {Convert}"),
        (0, "II+\0"u8.ToArray(), $"it is a TIFF file, {Convert}"),
        (0, "MM\0+"u8.ToArray(), $"it is a TIFF file, {Convert}"),
        (4, "ftypavif"u8.ToArray(), $"it is an AVIF file, {Convert}"),
        (4, "ftypavis"u8.ToArray(), $"it is an AVIF file, {Convert}"),
        (4, "ftyphe"u8.ToArray(), $"it is a HEIC file, {Convert}"),
        (4, "ftypmif1"u8.ToArray(), $"it is a HEIC file, {Convert}"),
        (4, "ftypmsf1"u8.ToArray(), $"it is a HEIC file, {Convert}"),
        (4, "ftyp"u8.ToArray(), "it is a film, not an image"),
        (0, [0xFF, 0x0A], $"it is a JPEG XL file, {Convert}"),
        (4, "JXL "u8.ToArray(), $"it is a JPEG XL file, {Convert}"),
        (4, "jP  "u8.ToArray(), $"it is a JPEG 2000 file, {Convert}"),
        (0, "8BPS"u8.ToArray(), $"it is a Photoshop file, {Convert}"),
        (128, "DICM"u8.ToArray(), $"it is a DICOM file, {Convert}"),
        (0, "%PDF"u8.ToArray(), "it is a PDF document, not an image"),
        (0, "PK\u0003\u0004"u8.ToArray(), "it is a ZIP archive, not an image"),
        (0, [0x1F, 0x8B], "it is a gzip archive, not an image"),
        (0, [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "it is a NumPy array, not an image"),
        (0, "version https://git-lfs"u8.ToArray(), "it is a Git LFS pointer, not the image; run git lfs pull"),
    ];

    private static readonly byte[][] _images = [[0xFF, 0xD8], [0x89, (byte)'P', (byte)'N', (byte)'G'], "GIF8"u8.ToArray(), "RIFF"u8.ToArray(), "BM"u8.ToArray()];

    /// <summary>Says what a file is that cannot be decoded; null where it begins as an image does.</summary>
    public static string? OtherThanImage(ReadOnlySpan<byte> file)
    {
        foreach ((int at, byte[] bytes, string words) in _known)
            if (file.Length > at && file[at..].StartsWith(bytes)) return words;
        foreach (byte[] image in _images)
            if (file.StartsWith(image)) return null;
        return IsText(file[..Math.Min(file.Length, 256)], out string text) ? OfText(text.TrimStart()) : "it is not an image";
    }

    private static string OfText(string text) =>
        text.StartsWith("<svg", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<?xml", StringComparison.Ordinal) && text.Contains("<svg") ? $"it is an SVG drawing, {Convert}"
        : text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) ? "it is an HTML page, not an image"
        : "it is text, not an image";

    private static bool IsText(ReadOnlySpan<byte> start, out string text)
    {
        text = Encoding.UTF8.GetString(start);
        return !text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c));
    }
}
