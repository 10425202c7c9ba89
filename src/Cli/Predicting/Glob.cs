using System.Text;
using System.Text.RegularExpressions;
using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli.Predicting;

/// <summary>
/// Files by a pattern as shells know it: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c> and <c>{jpg,png}</c> within a name, <c>**</c> for folders at any
/// depth. Names that begin with a dot are matched only by a pattern that does. A pattern that leaves the extension open finds images alone.
/// </summary>
internal sealed class Glob
{
    private const string AnyDepth = "**";
    private static readonly char[] _separators = OperatingSystem.IsWindows() ? ['/', '\\'] : ['/'];

    private static readonly RegexOptions _case = OperatingSystem.IsLinux() ? RegexOptions.None : RegexOptions.IgnoreCase; // as the system's files have it

    private readonly string _root;
    private readonly string[] _parts;
    private readonly Regex[] _expressions;
    private readonly bool _imagesOnly, _deep;
    private readonly FolderTree _tree;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="fault">Told of folders that cannot be read.</param>
    /// <exception cref="CliException">It is none.</exception>
    public Glob(string pattern, Action<string> fault)
    {
        _root = Path.GetPathRoot(pattern) ?? "";
        List<string> parts = [.. pattern[_root.Length..].Split(_separators, StringSplitOptions.RemoveEmptyEntries)];
        if (parts is [.., AnyDepth]) parts.Add("*");
        for (int i = parts.Count - 1; i > 0; i--) if (parts[i] == AnyDepth && parts[i - 1] == AnyDepth) parts.RemoveAt(i);
        (_parts, _expressions, _imagesOnly, _deep, _tree) = ([.. parts], [.. parts.Select(Expression)], parts[^1].EndsWith('*'), parts.Contains(AnyDepth), new FolderTree(fault));
    }

    /// <summary>Whether a text has a sign that means something in patterns.</summary>
    public static bool IsPattern(string text) => text.AsSpan().IndexOfAny("*?[{") >= 0;

    /// <summary>What matches, in natural order within each folder: files and, where the pattern has no <c>**</c>, folders.</summary>
    public IEnumerable<string> Matches() => Below(_root, 0);

    private IEnumerable<string> Below(string folder, int part, FolderNames? read = null)
    {
        string name = _parts[part];
        bool last = part == _parts.Length - 1;
        if (name == AnyDepth) return _tree.Folders(folder, hidden: false).SelectMany(one => Below(one.Path, part + 1, one.Names));
        if (!IsPattern(name))
        {
            string path = Path.Combine(folder, name);
            return last ? (Path.Exists(path) ? [path] : []) : Directory.Exists(path) ? Below(path, part + 1) : [];
        }
        bool hidden = name.StartsWith('.');
        FolderNames names = read is not null && !hidden ? read : _tree.Names(folder, hidden);
        Regex expression = _expressions[part];
        IEnumerable<string> folders = names.Folders.Where(one => expression.IsMatch(one)).Select(one => Path.Combine(folder, one));
        if (!last) return folders.SelectMany(one => Below(one, part + 1));
        IEnumerable<string> files = names.Files.Where(one => expression.IsMatch(one) && (!_imagesOnly || ImageFolder.IsListed(one))).Select(one => Path.Combine(folder, one));
        return _deep ? files : files.Concat(folders);
    }

    private static Regex Expression(string name)
    {
        var expression = new StringBuilder("^");
        bool inBraces = false;
        for (int i = 0; i < name.Length; i++)
        {
            int end = name[i] == '[' ? name.IndexOf(']', Math.Min(name.Length, i + 2)) : -1;
            if (end > 0)
            {
                string set = name[(i + 1)..end].Replace("\\", "\\\\").Replace("[", "\\[");
                expression.Append('[').Append(set is ['!' or '^', ..] ? $"^{set[1..]}" : set).Append(']');
                i = end;
            }
            else
            {
                if (name[i] == '{') inBraces = name.IndexOf('}', i) > 0;
                expression.Append(name[i] switch
                {
                    '*' => ".*",
                    '?' => ".",
                    '{' when inBraces => "(?:",
                    ',' when inBraces => "|",
                    '}' when inBraces => ")",
                    var other => Regex.Escape($"{other}"),
                });
                if (name[i] == '}') inBraces = false;
            }
        }
        try
        {
            // Names may be long and patterns have many stars: no backtracking.
            return new Regex(expression.Append("\\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant | _case);
        }
        catch (ArgumentException)
        {
            throw new CliException($"'{name}' is no pattern of file names, expected one such as '*.jpg' or '[a-c]*.png'.", ExitCode.Usage);
        }
    }
}
