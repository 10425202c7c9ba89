using System.Numerics;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// Mixup and cutmix, by timm's rules: one share for a whole batch, every image mixed with its opposite in the batch, so the first with the
/// last.
/// </summary>
internal sealed record Mixing
{
    /// <summary>Mixup's alpha; 0 without mixup.</summary>
    public double MixupAlpha { get; init; }

    /// <summary>CutMix's alpha; 0 without cutmix.</summary>
    public double CutMixAlpha { get; init; }

    /// <summary>Share of the batches that are mixed.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Share of these that get cutmix, where both are on.</summary>
    public double SwitchProbability { get; init; } = 0.5;

    /// <summary>Classes of the labels: the width of the targets.</summary>
    public required int Classes { get; init; }

    /// <summary>What options ask for; null for nothing.</summary>
    public static Mixing? Of(CnnTrainerOptions options, int classes) => options is { MixupAlpha: 0, CutMixAlpha: 0 } ? null : new()
    {
        MixupAlpha = options.MixupAlpha,
        CutMixAlpha = options.CutMixAlpha,
        Probability = options.MixupProbability,
        SwitchProbability = options.MixupSwitchProbability,
        Classes = classes,
    };

    /// <summary>How one batch is mixed; equal arguments give equal mixtures.</summary>
    public Mixture Draw(int seed, int epoch, int batch, ImageShape shape)
    {
        var random = new SplitMix(seed, epoch, ~batch); // images have the numbers from 0
        if (random.NextDouble() >= Probability)
            return Mixture.None;
        var cuts = CutMixAlpha > 0 && (MixupAlpha == 0 || random.NextDouble() < SwitchProbability);
        var share = random.Beta(cuts ? CutMixAlpha : MixupAlpha);
        if (!cuts)
            return new((float)share, default);
        var box = Cut(share, shape, ref random);
        return new(1 - (float)box.Area / (shape.Height * shape.Width), box);
    }

    // A rectangle of the image's shape whose middle lies anywhere; what reaches over the edge is cut off.
    private static Box Cut(double share, ImageShape shape, ref SplitMix random)
    {
        var side = Math.Sqrt(1 - share);
        var (top, bottom) = Range((int)(shape.Height * side), shape.Height, ref random);
        var (left, right) = Range((int)(shape.Width * side), shape.Width, ref random);
        return new(top, left, bottom - top, right - left);
    }

    private static (int From, int To) Range(int length, int whole, ref SplitMix random)
    {
        var middle = random.Next(whole);
        return (Math.Clamp(middle - length / 2, 0, whole), Math.Clamp(middle + length / 2, 0, whole));
    }
}

/// <summary>How the images of a batch are mixed in pairs.</summary>
/// <param name="Share">What an image keeps of itself, 0 to 1; the rest is its partner's.</param>
/// <param name="Box">The rectangle that comes from the partner; empty for mixup, where all pixels are blended.</param>
internal readonly record struct Mixture(float Share, Box Box)
{
    /// <summary>Every image stays as it is.</summary>
    public static Mixture None => new(1, default);

    /// <summary>Mixes two normalised images, H×W×C, with each other.</summary>
    public void Mix(Span<float> one, Span<float> other, ImageShape shape)
    {
        if (Share == 1)
            return;
        if (Box == default)
        {
            Blend(one, other);
            return;
        }
        Span<float> kept = stackalloc float[256];
        for (var y = Box.Top; y < Box.Top + Box.Height; y++)
        {
            var (at, length) = ((y * shape.Width + Box.Left) * shape.Channels, Box.Width * shape.Channels);
            Exchange(one.Slice(at, length), other.Slice(at, length), kept);
        }
    }

    /// <summary>The same for all images of a batch, N×C×H×W, the first with the last and so on.</summary>
    public Tensor Mix(Tensor images)
    {
        if (Share == 1)
            return images;
        var opposite = images.flip(0);
        if (Box == default)
            return images * Share + opposite * (1 - Share);
        Part(images).copy_(Part(opposite));
        return images;
    }

    /// <summary>Sets the targets of an image of one class whose partner has another, or the same.</summary>
    public void Target(int label, int partner, Span<float> targets)
    {
        targets.Clear();
        targets[label] = Share;
        targets[partner] += 1 - Share;
    }

    private Tensor Part(Tensor images) => images.narrow(2, Box.Top, Box.Height).narrow(3, Box.Left, Box.Width);

    private static void Exchange(Span<float> one, Span<float> other, Span<float> kept)
    {
        for (; one.Length > 0; one = one[Math.Min(one.Length, kept.Length)..], other = other[Math.Min(other.Length, kept.Length)..])
        {
            var part = Math.Min(one.Length, kept.Length);
            one[..part].CopyTo(kept);
            other[..part].CopyTo(one);
            kept[..part].CopyTo(other);
        }
    }

    private void Blend(Span<float> one, Span<float> other)
    {
        var (own, foreign) = (Share, 1 - Share);
        var at = 0;
        for (; at <= one.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            var (a, b) = (new Vector<float>(one[at..]), new Vector<float>(other[at..]));
            (a * own + b * foreign).CopyTo(one[at..]);
            (b * own + a * foreign).CopyTo(other[at..]);
        }
        for (; at < one.Length; at++)
            (one[at], other[at]) = (one[at] * own + other[at] * foreign, other[at] * own + one[at] * foreign);
    }
}
