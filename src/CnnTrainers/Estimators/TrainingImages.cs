using CnnTrainers.Training;
using Microsoft.ML;

namespace CnnTrainers.Estimators;

/// <summary>Fills a store of pixels from a data view, in one pass.</summary>
internal sealed class TrainingImages(CnnTrainerOptions options, ClassLabels classes, Action<string> info, Action<string> warn)
{
    /// <summary>Reads all rows that have a label and an image.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="label">The label column.</param>
    /// <param name="feature">The feature column.</param>
    /// <param name="format">How the feature column holds images.</param>
    /// <param name="part">What the rows are for, for messages: training or validation.</param>
    /// <exception cref="InvalidOperationException">A row's image cannot be used, or no row is left.</exception>
    public PixelStore Read(IDataView data, DataViewSchema.Column label, DataViewSchema.Column feature, ImageFormat format, string part)
    {
        var store = new PixelStore(format.Shape, options.MemoryBudgetBytes ?? Machine.DefaultMemoryBudget(), options.TemporaryFolder);
        try
        {
            var counts = Fill(store, data, label, feature, format);
            Report(counts, store.Count, label.Name, feature.Name, part);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private Counts Fill(PixelStore store, IDataView data, DataViewSchema.Column label, DataViewSchema.Column feature, ImageFormat format)
    {
        var counts = new Counts();
        using var rows = new ParallelRows(data, label, feature, format, Environment.ProcessorCount, options.CancellationToken);
        rows.ForEach((block, at) => Take(store, counts, block, at, feature.Name));
        return counts;
    }

    private void Take(PixelStore store, Counts counts, RowBlock block, int at, string feature)
    {
        var row = block.Rows[at];
        if (row.HasImage && block.IsByte)
            store.Add((ReadOnlySpan<byte>)block.BytesOf(at), row.Label);
        else if (row.HasImage)
            store.Add((ReadOnlySpan<float>)block.FloatsOf(at), row.Label);
        else if (row.Label < 0)
            counts.WithoutLabel++;
        else
            Skip(counts, RowErrors.Unusable(feature, counts.Rows, row.File, row.Fault), RowErrors.IsUnreadable(row.Fault));
        counts.Rows++;
    }

    private void Skip(Counts counts, InvalidOperationException error, bool unreadable)
    {
        if (!options.SkipUnreadableImages || !unreadable)
            throw error;
        counts.Unreadable++;
        counts.FirstUnreadable ??= error.Message;
    }

    private void Report(Counts counts, int images, string label, string feature, string part)
    {
        if (counts.WithoutLabel > 0)
            warn($"Skipped {counts.WithoutLabel} of {counts.Rows} {part} rows: column '{label}' has no value there.");
        if (counts.Unreadable > 0)
            warn($"Skipped {counts.Unreadable} of {counts.Rows} {part} rows without a readable image in column '{feature}'. First: {counts.FirstUnreadable}");
        if (images == 0)
            throw new InvalidOperationException(
                $"There are no {part} images: {counts.Rows} rows came, {counts.WithoutLabel} without a value in column '{label}', {counts.Unreadable} without a readable image in column '{feature}'.");
        info($"Read {images} {part} images of {classes.Count} classes.");
    }

    private sealed class Counts
    {
        public long Rows { get; set; }

        public long WithoutLabel { get; set; }

        public long Unreadable { get; set; }

        public string? FirstUnreadable { get; set; }
    }
}
