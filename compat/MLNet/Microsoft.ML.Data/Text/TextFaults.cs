using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Tells the log what could not be read: the first few faults one by one, the others as a count.</summary>
internal sealed class TextFaults(IHost host, IMultiStreamSource source) : IDisposable
{
    private const int Shown = 10;

    private long _rows;
    private long _badValues;
    private long _formatErrors;
    private bool _disposed;

    public void CountRow() => _rows++;

    public void ReportValue(TextLines.Line line, string column, int? slot = null)
    {
        string place = slot is int index ? $" at slot {index}" : "";
        Report(++_badValues, $"  Bad value at line {line.Number} in column {column}{place}", "  Suppressing further bad value messages");
    }

    public void ReportForm(TextLines.Line line, string fault)
        => Report(++_formatErrors, $"  Format error at {source.GetPathOrNull(line.File) ?? "<Unknown>"}({line.Number},1): {fault}", "  Suppressing further format error messages");

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_badValues > 0 || _formatErrors > 0)
            Say(ChannelMessageKind.Warning, $"Processed {_rows} rows with {_badValues} bad values and {_formatErrors} format errors");
    }

    private void Report(long count, string message, string last)
    {
        if (count > Shown)
            return;
        Say(ChannelMessageKind.Info, message);
        if (count == Shown)
            Say(ChannelMessageKind.Info, last);
    }

    private void Say(ChannelMessageKind kind, string message)
    {
        using var channel = host.Start("ParseStats");
        if (kind == ChannelMessageKind.Warning)
            channel.Warning(MessageSensitivity.None, message);
        else
            channel.Info(MessageSensitivity.Schema, message);
    }
}
