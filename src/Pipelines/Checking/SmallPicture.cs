namespace CnnTrainers.Pipelines.Checking;

/// <summary>A picture at 16×16, upright, in three planes: enough to say whether two files show the same.</summary>
internal sealed class SmallPicture
{
    public const int Side = 16, Bytes = 3 * Side * Side;

    /// <summary>The mean difference up to which two pictures may be the same, in levels of 255.</summary>
    public const int MeanDifference = 3;

    // The largest difference of one place, in levels; and that of all, squared, as a share of the picture's own contrast. A digit that is another one, or
    // noise that looks alike because it is averaged, is within the mean but not within these.
    private const int MostDifference = 32;
    private const double ShareOfContrast = 0.004;

    private const double Plain = 2; // levels: the standard deviation below which there is nothing to be seen

    // From all over the picture, so that two that are not alike are soon known to be: their first rows are often the same.
    private static readonly short[] _order = [.. Enumerable.Range(0, Bytes).Select(i => (short)(i * 97 % Bytes))];

    private readonly byte[] _pixels;
    private readonly double _contrast; // the sum of squared differences from the mean

    public SmallPicture(byte[] pixels)
    {
        _pixels = pixels;
        double sum = 0, squares = 0;
        foreach (byte pixel in pixels) (sum, squares) = (sum + pixel, squares + pixel * pixel);
        _contrast = Contrast(sum, squares, pixels.Length);
        // Of a colour, each plane is plain although they differ.
        IsPlain = Enumerable.Range(0, 3).All(plane => PlaneContrast(plane) < Plain * Plain * Side * Side);
    }

    /// <summary>Whether it is of one colour, more or less: such pictures are not compared, as they all look the same.</summary>
    public bool IsPlain { get; }

    /// <summary>Whether both show the same: one was saved again, in another size, format or quality.</summary>
    public bool IsLike(SmallPicture other)
    {
        int sum = 0;
        long squares = 0;
        foreach (short i in _order)
        {
            int difference = Math.Abs(_pixels[i] - other._pixels[i]);
            sum += difference;
            if (difference > MostDifference || sum > MeanDifference * Bytes) return false;
            squares += difference * difference;
        }
        return squares <= ShareOfContrast * Math.Min(_contrast, other._contrast);
    }

    /// <summary>
    /// Eight means of the picture, each place counted positively or negatively: coarse patterns. Of two pictures, none differs by more than the pictures
    /// do in the mean.
    /// </summary>
    public void Patterns(Span<double> patterns)
    {
        patterns.Clear();
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                int at = y * Side + x, gray = _pixels[at] + _pixels[at + Side * Side] + _pixels[at + 2 * Side * Side];
                int left = Half(x), top = Half(y), middle = Middle(x), centre = Middle(y);
                patterns[0] += gray;
                patterns[1] += left * gray;
                patterns[2] += top * gray;
                patterns[3] += left * top * gray;
                patterns[4] += middle * gray;
                patterns[5] += centre * gray;
                patterns[6] += middle * top * gray;
                patterns[7] += centre * left * gray;
            }
        }
        foreach (ref double pattern in patterns) pattern /= Bytes;
    }

    private double PlaneContrast(int plane)
    {
        double sum = 0, squares = 0;
        foreach (byte pixel in _pixels.AsSpan(plane * Side * Side, Side * Side)) (sum, squares) = (sum + pixel, squares + pixel * pixel);
        return Contrast(sum, squares, Side * Side);
    }

    private static double Contrast(double sum, double squares, int count) => squares - sum * sum / count;

    private static int Half(int at) => at < Side / 2 ? 1 : -1;

    private static int Middle(int at) => at is >= Side / 4 and < 3 * Side / 4 ? 1 : -1;
}
