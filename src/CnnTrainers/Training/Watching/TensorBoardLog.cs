using Google.Protobuf;
using Tensorboard;

namespace CnnTrainers.Training.Watching;

/// <summary>An event file as TensorBoard reads it; TorchSharp has its messages, and its writer, which cannot go on with a file. A metric's tag is kind and name: <c>step/loss</c>, <c>epoch/validation_accuracy</c>.</summary>
internal sealed class TensorBoardLog : IMetricsLog
{
    private readonly TimeProvider _time;
    private readonly FileStream _file;

    /// <param name="path">The file.</param>
    /// <param name="position">Where the fit is; later events of the file are dropped.</param>
    /// <param name="time">Gives the events' time.</param>
    public TensorBoardLog(string path, LogPosition position, TimeProvider time)
    {
        _time = time;
        _file = LogFile.Reopen(path, (old, kept) => Copy(old, kept, position));
    }

    public void Write(MetricRow row)
    {
        var summary = new Summary();
        summary.Value.AddRange(row.Values.Select(value => new Summary.Types.Value { Tag = $"{row.Kind}/{value.Name}", SimpleValue = (float)value.Value }));
        Write(_file, new Event { WallTime = Now, Step = row.Step, Summary = summary });
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    private double Now => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static void Write(Stream stream, Event what) => RecordStream.Write(stream, what.ToByteArray());

    private void Copy(Stream old, Stream kept, LogPosition position)
    {
        Write(kept, new Event { WallTime = Now, FileVersion = "brain.Event:2" });
        foreach (var record in RecordStream.Read(old))
        {
            var what = Event.Parser.ParseFrom(record);
            if (what.Summary?.Value is [var value, ..] && position.Keeps(value.Tag.Split('/')[0], what.Step))
                RecordStream.Write(kept, record);
        }
    }
}
