using System.Text;
using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli.Predicting;

/// <summary>
/// The images that the words of a command line stand for: files, folders, patterns, list files, and <c>-</c> for paths on standard input. They come one
/// after the other, so that there may be any number.
/// </summary>
internal sealed class ImageInputs : IDisposable
{
    private readonly IReadOnlyList<string> _words;
    private readonly List<string> _faults = [];
    private DirectoryInfo? _copies; // of images that come through pipes, which can be read once only

    /// <summary>Takes the words; nothing is looked for yet.</summary>
    /// <exception cref="CliException">One of them is a wrong pattern.</exception>
    public ImageInputs(IReadOnlyList<string> words)
    {
        _words = words;
        foreach (string word in words) if (IsGlob(word)) _ = new Glob(word, _faults.Add);
    }

    /// <summary>What was wrong with words until now, a sentence each: no image in a folder, a list that cannot be read.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The images, each in its turn. A file that does not exist is among them.</summary>
    public IEnumerable<ImageInput> All() => _words.SelectMany(Of);

    /// <summary>Those of some images that can be read; the others are added to a list, with what is wrong.</summary>
    public static ImageInput[] Whole(IReadOnlyList<ImageInput> images, List<ImageFault> bad, CancellationToken cancel)
    {
        var faults = ImageCheck.Faults([.. images.Select(image => image.Path)], cancel).DistinctBy(fault => fault.Path).ToDictionary(fault => fault.Path, fault => fault.Reason);
        bad.AddRange(images.Where(image => faults.ContainsKey(image.Path)).Select(image => new ImageFault(image.Name, faults[image.Path])));
        return [.. images.Where(image => !faults.ContainsKey(image.Path))];
    }

    /// <summary>All that is wrong with what the user gave, in words; null where nothing is.</summary>
    /// <param name="bad">The images that cannot be read.</param>
    /// <param name="count">How many images there are.</param>
    public string? Wrong(IReadOnlyList<ImageFault> bad, int count)
    {
        List<string> wrong = [.. _faults];
        if (bad.Count > 0) wrong.Add(ImageCheck.Words(bad, count, named: bad.Count));
        return wrong.Count > 0 ? string.Join('\n', wrong) : null;
    }

    public void Dispose() => _copies?.Delete(recursive: true);

    private IEnumerable<ImageInput> Of(string word)
    {
        if (word == "-") return Any(Lines(Console.OpenStandardInput()).SelectMany(Named), "no path came on standard input");
        if (Directory.Exists(word)) return Below(word);
        if (File.Exists(word)) return PathList.Is(word) ? Any(Listed(word), $"'{word}' lists no image") : [Single(word)];
        return IsGlob(word) ? Any(new Glob(word, _faults.Add).Matches().SelectMany(Named), $"no file matches '{word}'") : [Single(word)];
    }

    // A file may be called a[1].jpg.
    private static bool IsGlob(string word) => Glob.IsPattern(word) && !Path.Exists(word);

    private IEnumerable<ImageInput> Named(string path) => Directory.Exists(path) ? Below(path) : [Single(path)];

    private IEnumerable<ImageInput> Below(string folder)
    {
        var others = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int images = 0;
        foreach (string file in new FolderTree(_faults.Add).Files(folder))
        {
            if (!ImageFolder.IsListed(file))
            {
                string kind = Path.GetExtension(file).ToLowerInvariant();
                others[kind] = others.GetValueOrDefault(kind) + 1;
                continue;
            }
            images++;
            yield return Single(file);
        }
        string passedOver = string.Join(", ", others.Select(other => $"{other.Value:N0} {(other.Key.Length > 0 ? other.Key : "without extension")}"));
        if (images == 0) _faults.Add($"there is no image in the folder '{folder}'{(others.Count > 0 ? $" ({passedOver})" : "")}");
        else if (others.Count > 0) Output.Say($"Passed over in '{folder}': {passedOver}");
    }

    private IEnumerable<ImageInput> Listed(string list)
    {
        foreach (string path in Paths(list)) yield return Single(path);
    }

    private IEnumerable<string> Paths(string list)
    {
        try
        {
            return PathList.Read(list);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _faults.Add(e.Message);
            return [];
        }
    }

    // Of a pipe a copy, as the check and the model both read it.
    private ImageInput Single(string path)
    {
        path = path.Replace('\0', '\uFFFD'); // of a list that is no text; no path has it
        try
        {
            if (new FileInfo(path) is { Length: > 0 } file && !file.Attributes.HasFlag(FileAttributes.ReparsePoint)) return new ImageInput(path, path);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (stream.CanSeek) return new ImageInput(path, path);
            _copies ??= Directory.CreateTempSubdirectory("cnn-");
            string copy = Path.Combine(_copies.FullName, Guid.NewGuid().ToString("N"));
            using FileStream target = File.Create(copy);
            stream.CopyTo(target);
            return new ImageInput(path, copy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ImageInput(path, path); // the check says what is wrong
        }
    }

    private IEnumerable<ImageInput> Any(IEnumerable<ImageInput> images, string fault)
    {
        int before = _faults.Count;
        bool any = false;
        foreach (ImageInput image in images)
        {
            any = true;
            yield return image;
        }
        if (!any && _faults.Count == before) _faults.Add(fault);
    }

    private static IEnumerable<string> Lines(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Contains('\0')) throw new CliException("standard input has zero bytes in it. For - it should have paths, one a line; the bytes of an image are read from /dev/stdin.");
            if (line.Length > 0) yield return line;
        }
    }
}
