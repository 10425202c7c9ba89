using System.CommandLine;
using CnnTrainers.Cli.Running;

namespace CnnTrainers.Cli.Commands;

/// <summary>The options of <c>cnn train</c> that let a run survive an interruption, and the folder of its checkpoints.</summary>
internal sealed class CheckpointArguments
{
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the run that was interrupted; give it the same data and options." };
    private readonly Option<bool> _restart = new("--restart") { Description = "Begin anew, though a run was interrupted." };
    private readonly Option<string?> _folder = new("--checkpoints") { Description = "The folder that the state of the run is saved in until it ends. Default: the model file's name with .checkpoints." };
    private readonly Option<double> _minutes = CommonOptions.Number("--checkpoint-every", "Minutes between two checkpoints, 0 for none.", _ => 5.0, value => value is >= 0 and < 1e6, "minutes, or 0 for none");
    private readonly Option<int> _steps = CommonOptions.Positive<int>("--checkpoint-steps", "Steps between two checkpoints, as well.");

    public CheckpointArguments(Command command)
    {
        command.Validators.Add(result =>
        {
            if (result.GetResult(_resume) is not null && result.GetResult(_restart) is not null) result.AddError("--resume and --restart exclude each other.");
        });
        foreach (Option option in (Option[])[_resume, _restart, _folder, _minutes, _steps]) command.Add(option);
    }

    /// <summary>The options with what the command line says about checkpoints.</summary>
    public CnnTrainerOptions Apply(CnnTrainerOptions options, ParseResult parsed, string output)
    {
        (double minutes, bool bySteps) = (parsed.GetValue(_minutes), parsed.GetResult(_steps) is not null);
        bool wanted = minutes > 0 || bySteps || parsed.GetValue(_resume);
        return options with
        {
            CheckpointFolder = wanted ? parsed.GetValue(_folder) ?? FolderOf(output) : null,
            CheckpointEvery = minutes > 0 ? TimeSpan.FromMinutes(minutes) : null,
            CheckpointEverySteps = bySteps ? parsed.GetValue(_steps) : null,
            Resume = parsed.GetValue(_resume),
            KeepCheckpoints = true, // until the model file is written
        };
    }

    /// <summary>Makes sure that the run may use the folder: fails before images are read.</summary>
    /// <param name="options">The options.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="keep">Whether checkpoints stay, though the run would begin anew: it is not meant seriously.</param>
    public void Prepare(CnnTrainerOptions options, ParseResult parsed, bool keep)
    {
        if (options.CheckpointFolder is not { } folder) return;
        Writable.Folder("--checkpoints", folder);
        bool any = Any(folder);
        if (parsed.GetValue(_restart) && !keep) Remove(folder);
        else if (any && !options.Resume && !parsed.GetValue(_restart)) throw new CliException($"'{folder}' has the checkpoints of a run that was interrupted. Add --resume to go on with it, or --restart to begin anew.");
        else if (!any && options.Resume) Output.Say($"There is no checkpoint in '{folder}': beginning anew.");
    }

    /// <summary>Whether the command line asks to go on, or to begin anew.</summary>
    public (bool Resume, bool Restart) Asked(ParseResult parsed) => (parsed.GetValue(_resume), parsed.GetValue(_restart));

    /// <summary>The folder of a model's checkpoints, where no other is given.</summary>
    public static string FolderOf(string model) => $"{model}.checkpoints";

    /// <summary>Whether a run that is stopped now can be resumed.</summary>
    public static bool Any(string? folder) => Directory.Exists(folder) && Files(folder).Any();

    /// <summary>Removes the checkpoints of a run that ended, and their folder where nothing else is in it.</summary>
    public static void Remove(string? folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (string file in Files(folder).Append(Path.Combine(folder, PlannedEpochs.FileName))) File.Delete(file);
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "checkpoint-*.cnnckpt");
}
