namespace CnnTrainers.Pipelines.Decoding;

/// <summary>
/// The weights of a triangle filter along one side: each new pixel is a mean of the old ones that it covers, and of one at least on each of its sides.
/// Pixels have their centres at halves, as in torchvision's and Pillow's antialiased bilinear resize.
/// </summary>
internal sealed class FilterWeights
{
    /// <summary>Weights of a pixel are whole numbers, whose sum is 1 &lt;&lt; Bits.</summary>
    public const int Bits = 14;

    private const int Step = 4; // numbers of weights, and of pixels, are multiples of it: the ones too many are zero

    private (double Start, double Length, int Source, int Target) _of;

    /// <summary>For each new pixel the first old one that counts.</summary>
    public int[] First { get; private set; } = [];

    /// <summary>How many weights each has, those that are zero included.</summary>
    public int Taps { get; private set; }

    /// <summary>The weights, pixel by pixel.</summary>
    public short[] Weights { get; private set; } = [];

    /// <summary>New pixels, rounded up.</summary>
    public int Count => RoundedUp(_of.Target);

    /// <summary>Computes the weights, if they are not there already.</summary>
    /// <param name="start">Where the part that is seen begins, in old pixels.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="source">How many old pixels there are.</param>
    /// <param name="target">How many new ones.</param>
    public void Set(double start, double length, int source, int target)
    {
        if (_of == (start, length, source, target)) return;
        _of = (start, length, source, target);
        double scale = length / target, reach = Math.Max(scale, 1);
        Taps = RoundedUp(Math.Min((int)Math.Ceiling(2 * reach), source));
        if (First.Length < Count) First = new int[Count];
        if (Weights.Length < Count * Taps) Weights = new short[Count * Taps];
        Weights.AsSpan().Clear();
        First.AsSpan().Clear();
        for (int i = 0; i < target; i++)
        {
            double centre = start + (i + 0.5) * scale;
            int first = Math.Max(0, (int)(centre - reach + 0.5)), end = Math.Min(source, (int)(centre + reach + 0.5));
            First[i] = Math.Max(0, Math.Min(first, source - Taps)); // so that no more is read beyond the last pixel than rounding up takes
            Fill(Weights.AsSpan(i * Taps + first - First[i], end - first), first + 0.5 - centre, reach);
        }
    }

    // Rounded so that they add up: each is the difference of two rounded sums.
    private static void Fill(Span<short> weights, double distance, double reach)
    {
        double all = 0, sum = 0;
        for (int i = 0; i < weights.Length; i++) all += Triangle((distance + i) / reach);
        int before = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += Triangle((distance + i) / reach);
            int now = (int)Math.Round(sum / all * (1 << Bits));
            weights[i] = (short)(now - before);
            before = now;
        }
    }

    private static int RoundedUp(int count) => (count + Step - 1) / Step * Step;

    private static double Triangle(double x) => Math.Max(0, 1 - Math.Abs(x));
}
