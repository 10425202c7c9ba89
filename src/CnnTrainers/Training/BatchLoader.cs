using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Some of a store's images.</summary>
internal sealed record ImageSet(PixelStore Store, int[] Indices)
{
    /// <summary>All images of a store.</summary>
    public ImageSet(PixelStore store) : this(store, [.. Enumerable.Range(0, store.Count)]) { }
}

/// <summary>Images and labels of one step. The tensors belong to the loader, until its next batch.</summary>
/// <param name="Images">N×C×H×W in channels-last layout, float32.</param>
/// <param name="Labels">N, int64: every image's class, of a mixed image the one with the largest share.</param>
/// <param name="Count">N.</param>
/// <param name="Targets">N×classes, float32, rows that sum to 1, before label smoothing; null where every image is of one class.</param>
internal readonly record struct Batch(Tensor Images, Tensor Labels, int Count, Tensor? Targets = null);

/// <summary>
/// Makes batches of a set of images, the next one on another thread while the current one is trained on. Batches differ in size by one at
/// most: a last batch of one image would stop batch norm.
/// </summary>
internal sealed class BatchLoader : IDisposable
{
    private readonly ImageSet _images;
    private readonly Normalization _normalization;
    private readonly Augmentation _augmentation;
    private readonly int _seed;
    private readonly Slot[] _slots;

    public BatchLoader(ImageSet images, int batchSize, Normalization normalization, Augmentation augmentation, int seed)
    {
        (_images, _normalization, _augmentation, _seed) = (images, normalization, augmentation, seed);
        Batches = (images.Indices.Length + batchSize - 1) / batchSize;
        var size = Math.Min(batchSize, images.Indices.Length);
        _slots = [new Slot(size, images.Store.Shape), new Slot(size, images.Store.Shape)];
    }

    /// <summary>Batches in an epoch.</summary>
    public int Batches { get; }

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
        var next = Task.Run(() => Fill(_slots[first % 2], order, first, epoch));
        try
        {
            for (var i = first; i < Batches; i++)
            {
                var slot = next.GetAwaiter().GetResult();
                var following = i + 1;
                if (following < Batches)
                    next = Task.Run(() => Fill(_slots[following % 2], order, following, epoch));
                using var images = slot.Images.narrow(0, 0, slot.Count);
                using var labels = slot.Labels.narrow(0, 0, slot.Count);
                yield return new Batch(images, labels, slot.Count);
            }
        }
        finally
        {
            ((IAsyncResult)next).AsyncWaitHandle.WaitOne(); // the tensors that it fills must not be freed under it
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _slots)
            slot.Dispose();
    }

    private int StartOf(int batch) => (int)((long)_images.Indices.Length * batch / Batches);

    private Slot Fill(Slot slot, int[] order, int batch, int epoch)
    {
        var (start, end) = (StartOf(batch), StartOf(batch + 1));
        var pixels = MemoryMarshal.Cast<byte, float>(slot.Memory.bytes);
        var labels = MemoryMarshal.Cast<byte, long>(slot.Labels.bytes);
        var size = _images.Store.Shape.Size;
        for (var i = start; i < end; i++)
        {
            _images.Store.CopyTo(order[i], slot.Scratch);
            var placement = epoch == 0 ? default : _augmentation.Draw(_seed, epoch, order[i]);
            Augmentation.Place(slot.Scratch, _images.Store.Shape, _normalization, placement, pixels.Slice((i - start) * size, size));
            labels[i - start] = _images.Store.LabelOf(order[i]);
        }
        slot.Count = end - start;
        return slot;
    }

    // Memory for one batch, kept over the whole fit.
    private sealed class Slot : IDisposable
    {
        public Slot(int size, ImageShape shape)
        {
            Memory = empty(size, shape.Height, shape.Width, shape.Channels, ScalarType.Float32).DetachFromDisposeScope();
            Images = Memory.permute(0, 3, 1, 2).DetachFromDisposeScope();
            Labels = empty(size, ScalarType.Int64).DetachFromDisposeScope();
            Scratch = new float[shape.Size];
        }

        public Tensor Memory { get; } // N×H×W×C
        public Tensor Images { get; } // N×C×H×W, the same memory
        public Tensor Labels { get; }
        public float[] Scratch { get; }
        public int Count { get; set; }

        public void Dispose()
        {
            Memory.Dispose();
            Images.Dispose();
            Labels.Dispose();
        }
    }
}
