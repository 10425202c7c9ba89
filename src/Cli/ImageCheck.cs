using System.Text;
using CnnTrainers.Pipelines;
using Spectre.Console;

namespace CnnTrainers.Cli;

/// <summary>Looks at image files before anything is made of them, and says which are none.</summary>
internal static class ImageCheck
{
    private const int Named = 10, Many = 2_000; // of many files it says that it looks at them

    /// <summary>The files that hold no whole image.</summary>
    public static IReadOnlyList<ImageFault> Faults(IReadOnlyList<string> files, CancellationToken cancel) =>
        Watched(files.Count, progress => ImageFile.Faults(files, progress, cancel));

    /// <summary>Looks at images while the user sees how far it is, where they are many.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="look">Looks at them, and tells how many it has looked at.</param>
    public static T Watched<T>(int count, Func<Action<int>?, T> look)
    {
        if (count < Many) return look(null);
        if (Output.IsLive) return Live(count, look);
        Output.Say($"Checking {count:N0} images");
        return look(null);
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

    private static T Live<T>(int count, Func<Action<int>?, T> look) =>
        Output.Progress.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("checking images", maxValue: count);
                return look(_ => task.Increment(1));
            });
}
