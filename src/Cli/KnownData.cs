using CnnTrainers.Pipelines;
using Spectre.Console;

namespace CnnTrainers.Cli;

/// <summary>Data sets that a user calls by name.</summary>
internal static class KnownData
{
    /// <summary>The names, for messages.</summary>
    public static string Names => string.Join(", ", KnownDataset.All.Select(known => known.Name));

    /// <summary>The data set that a user means; null where a file or folder is meant, as one of that name is here or no data set has that name.</summary>
    public static KnownDataset? Find(string path) => Path.Exists(path) ? null : KnownDataset.Find(path);

    /// <summary>Reads a part, downloaded where it is not on this machine.</summary>
    /// <param name="known">The data set.</param>
    /// <param name="part">"train" or "t10k".</param>
    /// <param name="cancel">Stops the download.</param>
    public static IdxDataset Read(KnownDataset known, string part, CancellationToken cancel)
    {
        Launched.InTurn(() => Download(known, cancel));
        return known.ReadAsync(part, null, cancel).GetAwaiter().GetResult();
    }

    private static void Download(KnownDataset known, CancellationToken cancel)
    {
        if (known.Local() is not null) return;
        Output.Say($"Downloading {known.Name} from {known.Address}");
        if (Output.IsLive) Live(known, cancel);
        else Fetch(known, null, cancel);
    }

    private static string Fetch(KnownDataset known, Action<DownloadProgress>? progress, CancellationToken cancel) => known.FetchAsync(progress, cancel).GetAwaiter().GetResult();

    private static void Live(KnownDataset known, CancellationToken cancel) => Output.Progress.Progress().AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn())
        .Start(context =>
        {
            var tasks = new Dictionary<string, ProgressTask>();
            return Fetch(known, far =>
            {
                if (!tasks.TryGetValue(far.File, out ProgressTask? task)) tasks[far.File] = task = context.AddTask(far.File);
                task.MaxValue = far.Total ?? Math.Max(task.MaxValue, far.Received);
                task.Value = far.Received;
            }, cancel);
        });
}
