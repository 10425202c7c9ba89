using System.Diagnostics;
using System.Runtime.CompilerServices;
using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Some of a store's images.</summary>
internal sealed record ImageSet(PixelStore Store, int[] Indices)
{
    /// <summary>All images of a store.</summary>
    public ImageSet(PixelStore store) : this(store, [.. Enumerable.Range(0, store.Count)]) { }

    /// <summary>Those of them that this process has.</summary>
    public ImageSet Own() => Store.Share is { } share ? new(Store, share.Own(Indices)) : this;

    /// <summary>A store's images in two parts: those that train, and those that are held out.</summary>
    public static (ImageSet Training, ImageSet Held) Split(PixelStore store, IReadOnlyList<int> held) =>
        (new(store, [.. Enumerable.Range(0, store.Count).Except(held)]), new(store, [.. held]));
}

/// <summary>Images and labels of one step. The tensors belong to the loader, until its next batch.</summary>
/// <param name="Images">N×C×H×W in channels-last layout, float32.</param>
/// <param name="Labels">N, int64: every image's class, of a mixed image the one with the largest share.</param>
/// <param name="Count">N.</param>
/// <param name="Targets">N×classes, float32, rows that sum to 1, before label smoothing; null where every image is of one class.</param>
/// <param name="LabelsRead">The labels in the processor's memory, to be read without waiting for a card.</param>
/// <param name="Part">Where other processes compute the rest of the batch: which part of it this is.</param>
internal readonly record struct Batch(Tensor Images, Tensor Labels, int Count, Tensor? Targets, Tensor LabelsRead, BatchPart? Part = null)
{
    /// <summary>Some consecutive images of it. The tensors go with the caller's dispose scope.</summary>
    public Batch Slice(int first, int count) =>
        new(Images.narrow(0, first, count), Labels.narrow(0, first, count), count, Targets?.narrow(0, first, count), LabelsRead.narrow(0, first, count));
}

/// <summary>
/// Makes batches of a set of images, the next one on another thread while the current one is trained on; where that one is late, the thread
/// that waits for it and further ones help. Batches differ in size by one at most, and none has one image alone, of which a batch norm over maps of
/// 1×1 would make 0/0: where batches are of two, the odd one joins another.
/// </summary>
internal sealed class BatchLoader : IDisposable
{
    private readonly ImageSet _images;
    private readonly Mixing? _mixing;
    private readonly int _seed;
    private readonly BatchSlot[] _slots;
    private readonly ImageChanger[] _workers;
    private readonly StrongBox<long> _ticks = new();
    private readonly Ranks _ranks;

    /// <param name="images">The images.</param>
    /// <param name="batchSize">Images of a batch, at least 2; no more are in one, unless that would leave one image alone.</param>
    /// <param name="normalization">What pixel values go through at last.</param>
    /// <param name="augmentation">How single images are changed.</param>
    /// <param name="seed">Of order, changes and mixtures.</param>
    /// <param name="mixing">How images of a batch are mixed; null: not at all.</param>
    /// <param name="threads">Threads that make a batch that is waited for; null: the physical cores. They do not change the batches.</param>
    /// <param name="device">Where the batches are computed on; null: the processor.</param>
    /// <param name="ranks">The processes that share each batch; null: this one has them all.</param>
    /// <exception cref="ArgumentException">The changes are not defined for these pixels.</exception>
    public BatchLoader(
        ImageSet images, int batchSize, Normalization normalization, Augmentation augmentation, int seed, Mixing? mixing = null, int? threads = null,
        ComputeDevice? device = null, Ranks? ranks = null)
    {
        augmentation.Check(images.Store);
        (_images, _mixing, _seed, _ranks) = (images, mixing, seed, ranks ?? Ranks.Alone);
        Batches = BatchesOf(images.Indices.Length, batchSize, Fewest(_ranks, mixing));
        var size = Batches == 0 ? 0 : MostOf((images.Indices.Length + Batches - 1) / Batches);
        BatchSlot Slot() => device is { IsCard: true }
            ? new CardSlot(size, images.Store, normalization, mixing?.Classes, device)
            : new BatchSlot(size, images.Store.Shape, mixing?.Classes);
        _slots = [Slot(), Slot()];
        _workers = [.. Enumerable.Range(0, Math.Max(2, threads ?? Machine.PhysicalCores)).Select(_ => ImageChanger.Create(images.Store, augmentation, normalization))];
    }

    /// <summary>Batches in an epoch.</summary>
    public int Batches { get; }

    /// <summary>Time spent on making batches, on all threads together.</summary>
    public TimeSpan Filling => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _ticks.Value));

    /// <summary>The batches that images make: at least one, else none of fewer than so many images, of which a single one is no batch for a norm.</summary>
    public static int BatchesOf(int images, int batchSize, int fewest = 2) =>
        Math.Max(Math.Min(1, images), Math.Min((images + batchSize - 1) / batchSize, images / fewest));

    /// <summary>The fewest images of a batch that leave each process two of its own; where they stay in pairs, one may get the odd one.</summary>
    public static int Fewest(Ranks ranks, Mixing? mixing) => ranks.IsAlone || mixing is null ? 2 * ranks.Size : 4 * ranks.Size;

    /// <summary>Images in some consecutive batches together.</summary>
    /// <param name="first">The first batch, from 0.</param>
    /// <param name="end">The batch after the last.</param>
    public int ImagesIn(int first, int end) => StartOf(end) - StartOf(first);

    /// <summary>All images once, in an order and with changes that depend only on seed and epoch; in their own order in epoch 0.</summary>
    /// <param name="epoch">The epoch, from 1; 0 without changes.</param>
    /// <param name="first">The batch to begin with, from 0; a fit that was interrupted goes on in the middle of an epoch.</param>
    public IEnumerable<Batch> Epoch(int epoch, int first = 0)
    {
        if (first >= Batches)
            yield break;
        var order = epoch == 0 ? _images.Indices : [.. new SplitMix(_seed, epoch).Permutation(_images.Indices.Length).Select(i => _images.Indices[i])];
        var shared = _ranks.IsAlone ? null : new SharedBatches(_images.Store, order, StartOf, Batches, inPairs: _mixing is not null);
        var next = Begin(order, first, epoch, shared);
        try
        {
            for (var i = first; i < Batches; i++)
            {
                var slot = next.Finish();
                if (i + 1 < Batches)
                    next = Begin(order, i + 1, epoch, shared);
                var made = slot.Take();
                using var images = made.Images;
                using var labels = made.Labels;
                using var targets = made.Targets;
                using var read = made.LabelsRead;
                yield return made;
            }
        }
        finally
        {
            next.Wait(); // the tensors that it fills must not be freed under it
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _slots)
            slot.Dispose();
    }

    private int StartOf(int batch) => (int)((long)_images.Indices.Length * batch / Batches);

    // Of a batch that processes share, the most that one of them gets.
    private int MostOf(int images) => _ranks.IsAlone ? images : Math.Min(images, 2 * (((images + 1) / 2 + _ranks.Size - 1) / _ranks.Size));

    private BatchFilling Begin(int[] order, int batch, int epoch, SharedBatches? shared)
    {
        ReadOnlyMemory<int> images = order.AsMemory(StartOf(batch)..StartOf(batch + 1));
        BatchPart? part = null;
        if (shared is not null)
            (images, part) = shared.Of(batch);
        var mixture = epoch == 0 ? null : _mixing?.Draw(_seed, epoch, batch, _images.Store.Shape);
        return new BatchFilling(_images.Store, images, part, _seed, epoch, mixture, _slots[batch % 2], _workers, _ticks);
    }
}
