using System.Text;
using CnnTrainers.Pipelines;
using Spectre.Console;

namespace CnnTrainers.Cli;

/// <summary>Looks at image files before anything is made of them, and says which are none.</summary>
internal static class ImageCheck
{
    private const int Named = 10, Many = 2_000; // of many files it says that it looks at them

    /// <summary>The files that hold no whole image.</summary>
    public static IReadOnlyList<ImageFault> Faults(IReadOnlyList<string> files, CancellationToken cancel)
    {
        if (files.Count < Many) return ImageFile.Faults(files, null, cancel);
        if (Output.IsLive) return Live(files, cancel);
        Output.Say($"Checking {files.Count:N0} image files");
        return ImageFile.Faults(files, null, cancel);
    }

    /// <summary>What is wrong, for the user: the first files by name, the others counted.</summary>
    /// <param name="faults">The faulty files, at least one.</param>
    /// <param name="count">How many files there are.</param>
    /// <param name="named">How many are named.</param>
    public static string Words(IReadOnlyList<ImageFault> faults, int count, int named = Named)
    {
        var words = new StringBuilder(count == 1 ? "the file cannot be read as an image:" : $"{faults.Count:N0} of {count:N0} files cannot be read as images:");
        foreach (ImageFault fault in faults.Take(named)) words.Append($"\n  {fault.Path}: {fault.Reason}");
        if (faults.Count > named) words.Append($"\n  and {faults.Count - named:N0} more");
        return words.ToString();
    }

    private static IReadOnlyList<ImageFault> Live(IReadOnlyList<string> files, CancellationToken cancel) =>
        Output.Progress.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("checking images", maxValue: files.Count);
                return ImageFile.Faults(files, _ => task.Increment(1), cancel);
            });
}
