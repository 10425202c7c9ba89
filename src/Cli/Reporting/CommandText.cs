using System.CommandLine;

namespace CnnTrainers.Cli.Reporting;

/// <summary>A command as a user would type it in a shell.</summary>
internal static class CommandText
{
    private static readonly string[] _ofOneRun = ["--resume", "--restart"];

    /// <summary>The command that runs the same again.</summary>
    /// <param name="parsed">What the user typed.</param>
    /// <param name="seed">The seed that was drawn, where none was given and one matters.</param>
    /// <param name="epochs">The epochs that its time sufficed for, where it was given one.</param>
    public static string Of(ParseResult parsed, int? seed = null, int? epochs = null)
    {
        List<string> words = ["cnn", .. parsed.Tokens.Select(token => token.Value).Where(word => !_ofOneRun.Contains(word))];
        Remove("--config"); // its entries are among the words
        if (epochs is not null)
        {
            Remove("--time");
            Remove("--epochs");
            words.AddRange(["--epochs", $"{epochs}"]);
        }
        if (seed is not null && !words.Contains("--seed")) words.AddRange(["--seed", $"{seed}"]);
        return Of([.. words]);

        void Remove(string option)
        {
            if (words.IndexOf(option) is > 0 and var at) words.RemoveRange(at, 2);
        }
    }

    /// <summary>Words as a shell takes them.</summary>
    public static string Of(params ReadOnlySpan<string> words)
    {
        var quoted = new List<string>();
        foreach (string word in words) quoted.Add(Quote(word));
        return string.Join(' ', quoted);
    }

    private static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./\\=:,@%+".Contains(c)) ? word : $"'{word.Replace("'", "'\\''")}'";
}
