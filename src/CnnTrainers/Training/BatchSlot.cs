using System.Runtime.InteropServices;
using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Memory for one batch, kept over the whole fit: on the processor the normalised pixels that are computed with.</summary>
internal class BatchSlot : IDisposable
{
    private readonly int _size; // of one image
    private readonly int _classes;
    private readonly Tensor _images; // N×C×H×W, the memory of the pixels

    /// <summary>Makes one.</summary>
    /// <param name="images">Images that there is room for.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="classes">The width of targets; null where none are mixed.</param>
    public BatchSlot(int images, ImageShape shape, int? classes) : this(images, shape, ScalarType.Float32, classes, ComputeDevice.Cpu) { }

    /// <summary>Makes one in the processor's memory, of which a device gets copies.</summary>
    protected BatchSlot(int images, ImageShape shape, ScalarType pixels, int? classes, ComputeDevice device)
    {
        (_size, _classes) = (shape.Size, classes ?? 0);
        Pixels = device.HostBuffer([images, shape.Height, shape.Width, shape.Channels], pixels).DetachFromDisposeScope();
        _images = Pixels.permute(0, 3, 1, 2).DetachFromDisposeScope();
        Labels = device.HostBuffer([images], ScalarType.Int64).DetachFromDisposeScope();
        Targets = classes is { } width ? device.HostBuffer([images, width], ScalarType.Float32).DetachFromDisposeScope() : null;
    }

    /// <summary>Whether pixels are put in as they are in the store, and normalised and mixed later.</summary>
    public virtual bool IsRaw => false;

    /// <summary>N×H×W×C.</summary>
    protected Tensor Pixels { get; }

    /// <summary>N.</summary>
    protected Tensor Labels { get; }

    /// <summary>N×classes; null where none are mixed.</summary>
    protected Tensor? Targets { get; }

    /// <summary>Images of the batch.</summary>
    protected int Count { get; private set; }

    /// <summary>How they are mixed; null where none are.</summary>
    protected Mixture? Mixture { get; private set; }

    /// <summary>Which part of a batch it is; null: all of it.</summary>
    protected BatchPart? Part { get; private set; }

    /// <summary>Begins a batch, or this process's part of it.</summary>
    public void Begin(int count, Mixture? mixture, BatchPart? part = null) => (Count, Mixture, Part) = (count, mixture, part);

    /// <summary>Brings a filled batch to where it is computed on; called by whichever thread has filled its last image.</summary>
    public virtual void Upload() { }

    /// <summary>The batch. The caller disposes its tensors.</summary>
    public virtual Batch Take()
    {
        var labels = Take(Labels);
        return new(Take(_images), labels, Count, Mixture is null ? null : Take(Targets!), labels, Part);
    }

    /// <summary>A slot's tensor without the room that the batch does not need.</summary>
    protected Tensor Take(Tensor whole) => whole.narrow(0, 0, Count);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _images.Dispose();
        Pixels.Dispose();
        Labels.Dispose();
        Targets?.Dispose();
    }

    /// <summary>The tensors' memory, asked for once.</summary>
    internal readonly ref struct Values(BatchSlot slot)
    {
        private readonly Span<byte> _pixels = slot.Pixels.bytes;
        private readonly Span<float> _targets = slot.Targets is { } targets ? MemoryMarshal.Cast<byte, float>(targets.bytes) : default;
        private readonly int _size = slot._size, _classes = slot._classes, _bytes = (int)slot.Pixels.ElementSize;

        /// <summary>All labels.</summary>
        public Span<long> Labels { get; } = MemoryMarshal.Cast<byte, long>(slot.Labels.bytes);

        /// <summary>An image's memory.</summary>
        public Span<byte> RawOf(int at) => _pixels.Slice(at * _size * _bytes, _size * _bytes);

        /// <summary>An image's normalised values.</summary>
        public Span<float> PixelsOf(int at) => MemoryMarshal.Cast<byte, float>(RawOf(at));

        /// <summary>An image's targets.</summary>
        public Span<float> TargetsOf(int at) => _targets.Slice(at * _classes, _classes);
    }
}

/// <summary>
/// A batch for a card. What goes over to it are the store's own values, bytes where it has bytes; they are normalised and mixed there. Copies are
/// made by the thread that fills the batch, while the card is at the batch before.
/// </summary>
internal sealed class CardSlot : BatchSlot
{
    private readonly ComputeDevice _device;
    private readonly Tensor _pixels, _labels, _mean, _factor;
    private readonly Tensor? _targets;

    /// <summary>Makes one.</summary>
    public CardSlot(int images, PixelStore store, Normalization normalization, int? classes, ComputeDevice device)
        : base(images, store.Shape, store.IsByte ? ScalarType.Byte : ScalarType.Float32, classes, device)
    {
        _device = device;
        Tensor There(Tensor here) => device.Empty(here.shape, here.dtype).DetachFromDisposeScope();
        (_pixels, _labels, _targets) = (There(Pixels), There(Labels), Targets is null ? null : There(Targets));
        _mean = device.Of(normalization.Mean).DetachFromDisposeScope();
        _factor = device.Of([.. normalization.Std.Select(std => 1 / std)]).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override bool IsRaw => true;

    /// <inheritdoc/>
    public override void Upload()
    {
        Copy(Pixels, _pixels);
        Copy(Labels, _labels);
        if (Mixture is not null)
            Copy(Targets!, _targets!);
    }

    /// <inheritdoc/>
    public override Batch Take()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var images = Take(_pixels).to(ScalarType.Float32).sub_(_mean).mul_(_factor).permute(0, 3, 1, 2);
        if (Mixture is { } mixture)
            images = mixture.Mix(images);
        return new(
            images.MoveToOuterDisposeScope(), Take(_labels).MoveToOuterDisposeScope(), Count, Mixture is null ? null : Take(_targets!).MoveToOuterDisposeScope(),
            Take(Labels).MoveToOuterDisposeScope(), Part);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        foreach (var tensor in (Tensor?[])[_pixels, _labels, _targets, _mean, _factor])
            tensor?.Dispose();
    }

    private void Copy(Tensor from, Tensor to)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _device.Upload(Take(from), Take(to));
    }
}
