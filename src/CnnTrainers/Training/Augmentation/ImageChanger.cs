using System.Numerics;
using System.Runtime.InteropServices;

namespace CnnTrainers.Training;

/// <summary>Reads images from a store, changes and normalises them. For one thread at a time; it keeps its buffers.</summary>
internal abstract class ImageChanger
{
    /// <summary>A changer for the images of a store.</summary>
    public static ImageChanger Create(PixelStore store, Augmentation augmentation, Normalization normalization) => store.IsByte
        ? new OfBytes(store, augmentation, normalization)
        : new OfFloats(store, augmentation, normalization);

    /// <summary>Writes an image as the network takes it. What is changed depends only on seed, epoch and index; in epoch 0 nothing.</summary>
    /// <param name="index">The image's place in the store.</param>
    /// <param name="seed">The fit's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="destination">Gets H×W×C values.</param>
    public abstract void Write(int index, int seed, int epoch, Span<float> destination);

    /// <summary>The same, not normalised: the store's own bytes or floats.</summary>
    /// <param name="index">The image's place in the store.</param>
    /// <param name="seed">The fit's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="destination">Gets H×W×C values of the store's type.</param>
    public abstract void WriteRaw(int index, int seed, int epoch, Span<byte> destination);

    private abstract class Of<T>(ImageShape shape, Augmentation augmentation, Normalization normalization) : ImageChanger where T : unmanaged, INumberBase<T>
    {
        protected ImageBuffers<T> Image { get; } = new(shape);

        protected PixelWriter Writer { get; } = new(shape, normalization);

        public override void Write(int index, int seed, int epoch, Span<float> destination) => Put(Change(index, seed, epoch), destination);

        public override void WriteRaw(int index, int seed, int epoch, Span<byte> destination) =>
            Change(index, seed, epoch).PutLast<T>(Image.Pixels, shape, MemoryMarshal.Cast<byte, T>(destination));

        // Makes the image, but for the placement that is left.
        private Placement Change(int index, int seed, int epoch)
        {
            Read(index);
            if (epoch == 0)
                return default;
            var random = new SplitMix(seed, epoch, index);
            var placement = augmentation.Draw(ref random);
            if (augmentation.ResizedCrop is { } crop)
                Resizing.Enlarge(Image, crop.Draw(shape, ref random));
            if (augmentation.ComputesPixels)
            {
                Compute(placement, ref random);
                placement = default;
            }
            return placement;
        }

        protected abstract void Read(int index);

        protected abstract void Put(Placement placement, Span<float> destination);

        protected abstract void Recolour(Augmentation augmentation, ref SplitMix random);

        private void Compute(Placement placement, ref SplitMix random)
        {
            if (placement != default)
            {
                placement.Copy(Image.Pixels, shape, Image.Spare);
                Image.Swap();
            }
            if (augmentation.Rotation > 0)
                Warp.Rotation(random.Uniform(-augmentation.Rotation, augmentation.Rotation), shape).Apply(Image);
            Recolour(augmentation, ref random);
            if (augmentation.Erasing is { } erasing && erasing.Draw(shape, ref random) is { } box)
                Erase(box, erasing.Noise, ref random);
        }

        private void Erase(Box box, bool noise, ref SplitMix random)
        {
            for (var c = 0; c < shape.Channels; c++)
            {
                var (mean, std) = (normalization.Mean[c], normalization.Std[c]);
                for (var y = 0; y < box.Height; y++)
                {
                    var row = Image.Plane(c).Slice((box.Top + y) * shape.Width + box.Left, box.Width);
                    row.Fill(ImageBuffers<T>.Nearest(mean));
                    for (var x = 0; noise && x < row.Length; x++)
                        row[x] = ImageBuffers<T>.Nearest(mean + std * (float)random.Normal());
                }
            }
        }
    }

    private sealed class OfBytes(PixelStore store, Augmentation augmentation, Normalization normalization) : Of<byte>(store.Shape, augmentation, normalization)
    {
        protected override void Read(int index) => store.CopyTo(index, Image.Pixels);

        protected override void Put(Placement placement, Span<float> destination) => Writer.Write(Image.Pixels, placement, destination);

        protected override void Recolour(Augmentation augmentation, ref SplitMix random)
        {
            augmentation.Jitter?.Apply(Image, ref random);
            if (augmentation.Trivial)
                TrivialAugment.Apply(Image, ref random);
        }
    }

    private sealed class OfFloats(PixelStore store, Augmentation augmentation, Normalization normalization) : Of<float>(store.Shape, augmentation, normalization)
    {
        protected override void Read(int index) => store.CopyTo(index, Image.Pixels);

        protected override void Put(Placement placement, Span<float> destination) => Writer.Write(Image.Pixels, placement, destination);

        protected override void Recolour(Augmentation augmentation, ref SplitMix random) { } // which is defined for bytes; see Augmentation.Check
    }
}
