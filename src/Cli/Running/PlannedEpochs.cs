using System.Globalization;

namespace CnnTrainers.Cli.Running;

/// <summary>The epochs that a run with <c>--time</c> began with, kept beside its checkpoints so that one that goes on has as many.</summary>
internal static class PlannedEpochs
{
    /// <summary>The file's name.</summary>
    public const string FileName = "epochs.txt";

    public static void Write(string? folder, int epochs)
    {
        if (folder is null) return;
        Directory.CreateDirectory(folder);
        WholeFile.Write(Path.Combine(folder, FileName), file => File.WriteAllText(file, epochs.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The epochs of the run whose checkpoints are in a folder.</summary>
    /// <exception cref="CliException">That run was told its epochs.</exception>
    public static int Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        return File.Exists(file) && Numbers.TryParse(File.ReadAllText(file), out int epochs) ? epochs
            : throw new CliException($"the checkpoint in '{folder}' is of a run without --time: give its --epochs in place of --time.", ExitCode.Usage);
    }
}
