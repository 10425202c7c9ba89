using System.Runtime.InteropServices;
using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>The layers before a network's last one, run once on every image. What they give is kept like images, C×H×W values each.</summary>
internal sealed class FrozenBody(nn.Module<Tensor, Tensor> network, Normalization normalization, CnnTrainerOptions options, ComputeDevice? computedOn = null)
{
    private readonly ComputeDevice _device = computedOn ?? ComputeDevice.Cpu;
    private long[] _shape = []; // of one image's features, without N
    private ImageShape? _packed; // the same, as a store has it

    /// <summary>The last layer and what follows; null where the network has none that can be run alone.</summary>
    public NetworkHead? Head { get; } = NetworkHead.Find(network);

    /// <summary>
    /// The last layer's inputs for some images, in their order; null where running it alone on them does not give the network's output.
    /// The caller disposes the store.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="budget">Bytes of memory for the result; past it, it goes to a temporary file. Null: half of the free memory.</param>
    /// <exception cref="ArgumentException">The layers give values that are not finite.</exception>
    public PixelStore? Compute(ImageSet images, long? budget)
    {
        if (Head is null)
            return null;
        using var noGrad = no_grad();
        using var batches = new BatchLoader(images.Own(), options.BatchSize, normalization, Augmentation.None, 0, device: _device);
        network.eval();
        PixelStore? store = null;
        var ranks = images.Store.Share?.Ranks ?? Ranks.Alone;
        PixelStore NewStore(ImageShape shape) => new(shape, Math.Max(0, budget ?? Machine.DefaultMemoryBudget() / ranks.LocalSize), options.TemporaryFolder, ranks);
        try
        {
            foreach (var batch in batches.Epoch(0))
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var (found, logits) = Head.Run(network, batch.Images);
                using var features = found;
                if (features is null || store is null && !IsSplit(features, logits))
                {
                    store?.Dispose();
                    store = null;
                    break;
                }
                store ??= NewStore((_packed = Pack(features)).Value);
                Add(store, features, images);
            }
            if (_packed is { } shape && images.Own().Indices.Length == 0)
                store = NewStore(shape); // few images to validate on, none of them here
            if (ranks.Any(store is null)) // a process without images does not know either
            {
                store?.Dispose();
                return null;
            }
            AddElsewhere(store!, images);
            return store;
        }
        catch
        {
            store?.Dispose();
            throw;
        }
    }

    /// <summary>The last layer's input from a batch of the store: N×C×H×W → N×(the layer's own dimensions).</summary>
    public Tensor Unpack(Tensor batch) => batch.reshape([batch.shape[0], .. _shape]);

    private bool IsSplit(Tensor features, Tensor logits)
    {
        var alone = Head!.Forward(features);
        return alone.shape.SequenceEqual(logits.shape) && _device.Read(alone).allclose(_device.Read(logits), 1e-4, 1e-4, equal_nan: true);
    }

    // Maps keep their dimensions, so that they come back channels last; anything else is a vector.
    private ImageShape Pack(Tensor features)
    {
        _shape = features.shape[1..];
        return _shape is [var c, var h, var w] ? new((int)c, (int)h, (int)w) : new((int)(features.numel() / features.shape[0]), 1, 1);
    }

    private void Add(PixelStore store, Tensor features, ImageSet images)
    {
        if (!_device.ReadAll([features.isfinite()]))
            throw new ArgumentException("The frozen layers give values that are NaN or infinite: the initial weights are damaged, or do not suit the normalisation of the pixels.");
        using var planar = _device.Read(features).contiguous();
        var values = MemoryMarshal.Cast<byte, float>(planar.bytes);
        for (var (at, size) = (0, store.Shape.Size); at < values.Length; at += size)
        {
            AddElsewhere(store, images);
            store.Add((ReadOnlySpan<float>)values.Slice(at, size), images.Store.LabelOf(images.Indices[store.Count]));
        }
    }

    // Images of other processes, up to the next one of this.
    private static void AddElsewhere(PixelStore store, ImageSet images)
    {
        while (store.Count < images.Indices.Length && images.Store.Share is { } share && !share.IsOwn(images.Indices[store.Count]))
            store.AddElsewhere(images.Store.LabelOf(images.Indices[store.Count]), share.OwnerOf(images.Indices[store.Count]));
    }
}
