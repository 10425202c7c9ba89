namespace CnnTrainers.Training.Watching;

/// <summary>The folder of <see cref="CnnTrainerOptions.LogFolder"/>: every row goes to each of its files.</summary>
internal sealed class MetricsFolder : IDisposable
{
    public const string CsvName = "metrics.csv", JsonLinesName = "metrics.jsonl", TensorBoardName = "events.out.tfevents.cnn";

    private readonly List<IMetricsLog> _logs = [];

    /// <summary>Opens the files. What they hold beyond the position, which is all for a fit that begins, is dropped.</summary>
    /// <param name="folder">The folder, made where it does not exist.</param>
    /// <param name="position">Where the fit is.</param>
    /// <param name="time">Gives the events' time; null for the system's.</param>
    /// <exception cref="IOException">A file or the folder cannot be written.</exception>
    public MetricsFolder(string folder, LogPosition position, TimeProvider? time = null)
    {
        Directory.CreateDirectory(folder);
        try
        {
            _logs.Add(new CsvLog(Path.Combine(folder, CsvName), position));
            _logs.Add(new JsonLinesLog(Path.Combine(folder, JsonLinesName), position));
            _logs.Add(new TensorBoardLog(Path.Combine(folder, TensorBoardName), position, time ?? TimeProvider.System));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Takes a row.</summary>
    public void Write(MetricRow row) => _logs.ForEach(log => log.Write(row));

    /// <inheritdoc/>
    public void Dispose() => _logs.ForEach(log => log.Dispose());
}
