using System.Runtime.InteropServices;
using System.Text.Json;
using CnnTrainers.Distributed;
using CnnTrainers.Training;
using Microsoft.ML;

namespace CnnTrainers.Estimators;

/// <summary>Fills a store of pixels from a data view, in one pass. Where processes share the images, each reads its own and learns what the others have.</summary>
internal sealed class TrainingImages(CnnTrainerOptions options, ClassLabels classes, Action<string> info, Action<string> warn, Ranks? ranks = null)
{
    private const int Present = 1, LeftOut = 1 << 16; // of an image, by the process that reads it: the sum over all is one of them

    private readonly Ranks _ranks = ranks ?? Ranks.Alone;

    /// <summary>Reads all rows that have a label and an image.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="label">The label column.</param>
    /// <param name="feature">The feature column.</param>
    /// <param name="format">How the feature column holds images.</param>
    /// <param name="part">What the rows are for, for messages: training or validation.</param>
    /// <exception cref="InvalidOperationException">A row's image cannot be used, or no row is left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label column has other classes.</exception>
    public PixelStore Read(IDataView data, DataViewSchema.Column label, DataViewSchema.Column feature, ImageFormat format, string part)
    {
        var store = new PixelStore(format.Shape, options.MemoryBudgetBytes ?? Machine.DefaultMemoryBudget() / _ranks.LocalSize, options.TemporaryFolder, ranks);
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
        var places = classes.PlacesOf(label);
        using var rows = new ParallelRows(data, label, feature, format, Environment.ProcessorCount, options.CancellationToken, _ranks);
        rows.ForEach((block, at) => Take(store, counts, block, at, places, feature.Name));
        if (!_ranks.IsAlone)
            Join(store, counts);
        return counts;
    }

    // What the others could not read is left out here too, and what one has as floats all have so.
    private void Join(PixelStore store, Counts counts)
    {
        CheckRows(store);
        var states = new int[store.Count];
        for (var image = 0; image < states.Length; image++)
            states[image] = counts.LeftOut.Contains(image) ? LeftOut : store.Share!.IsOwn(image) ? Present : 0;
        _ranks.Sum(states.AsSpan());
        if (Array.Exists(states, state => state is not (Present or LeftOut)))
            throw Differing("the ids of their rows are not the same");
        store.LeaveOut(states.Index().Where(one => one.Item == LeftOut).Select(one => one.Index).ToHashSet());
        if (_ranks.Any(!store.IsByte))
            store.KeepFloats();
        var all = _ranks.Gather(JsonSerializer.SerializeToUtf8Bytes((string?[])[counts.Unreadable.ToString(), counts.FirstUnreadable])).Select(each => JsonSerializer.Deserialize<string?[]>(each)!).ToList();
        counts.Unreadable = all.Sum(each => long.Parse(each[0]!));
        counts.FirstUnreadable = all.Select(each => each[1]).FirstOrDefault(text => text is not null);
    }

    private void CheckRows(PixelStore store)
    {
        var labels = System.IO.Hashing.XxHash64.HashToUInt64(MemoryMarshal.AsBytes(store.Labels.ToArray().AsSpan()));
        var names = System.IO.Hashing.XxHash64.HashToUInt64(JsonSerializer.SerializeToUtf8Bytes(classes.Names));
        var seen = _ranks.Gather(MemoryMarshal.AsBytes<long>([store.Count, (long)labels, (long)names])).Select(each => MemoryMarshal.Cast<byte, long>(each).ToArray()).ToList();
        if (seen.Find(each => each[0] != seen[0][0]) is { } other)
            throw Differing($"rank 0 has {seen[0][0]} with a label, rank {seen.IndexOf(other)} has {other[0]}");
        if (seen.FindIndex(each => each[2] != seen[0][2]) is var stranger and >= 0)
            throw Differing($"the classes of rank {stranger} are others, or in another order, than those of rank 0");
        if (seen.FindIndex(each => each[1] != seen[0][1]) is var differing and >= 0)
            throw Differing($"those of rank {differing} have other labels, or are in another order, than those of rank 0");
    }

    private static InvalidOperationException Differing(string how) =>
        new($"The processes do not see the same rows: {how}. Every process must load the same data in the same order; none may shuffle or filter without a seed.");

    private void Take(PixelStore store, Counts counts, RowBlock block, int at, int[]? places, string feature)
    {
        var row = block.Rows[at];
        if (places is not null && row.Label >= 0)
            row = row with { Label = places[row.Label] };
        _ranks.ThrowIfAnyFailed();
        if (row.Owner is { } owner && row.Label >= 0)
            store.AddElsewhere(row.Label, owner);
        else if (row.HasImage && block.IsByte)
            store.Add((ReadOnlySpan<byte>)block.BytesOf(at), row.Label);
        else if (row.HasImage)
            store.Add((ReadOnlySpan<float>)block.FloatsOf(at), row.Label);
        else if (row.Label < 0)
            counts.WithoutLabel++;
        else
        {
            Skip(counts, RowErrors.Unusable(feature, counts.Rows, row.File, row.Fault), RowErrors.IsUnreadable(row.Fault));
            if (!_ranks.IsAlone)
            {
                counts.LeftOut.Add(store.Count);
                store.AddElsewhere(row.Label, _ranks.Rank);
            }
        }
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
                counts.Rows == 0 ? $"There are no {part} rows." : $"There are no {part} images: {counts.Rows} rows came, {counts.WithoutLabel} without a value in column '{label}', {counts.Unreadable} without a readable image in column '{feature}'.");
        info($"Read {images} {part} images of {classes.Count} classes.");
    }

    private sealed class Counts
    {
        public long Rows { get; set; }

        public long WithoutLabel { get; set; }

        public long Unreadable { get; set; }

        public string? FirstUnreadable { get; set; }

        public HashSet<int> LeftOut { get; } = []; // images, by their numbers in the store
    }
}
