namespace CnnTrainers.Training;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct Box(int Top, int Left, int Height, int Width)
{
    /// <summary>Its pixels.</summary>
    public int Area => Height * Width;

    /// <summary>A size with a share of an area, uniform, and a width / height, uniform in its logarithm; it may exceed the image.</summary>
    public static (int Width, int Height) DrawSize(double area, (double Min, double Max) scale, (double Min, double Max) ratio, ref SplitMix random)
    {
        var target = area * random.Uniform(scale.Min, scale.Max);
        var aspect = Math.Exp(random.Uniform(Math.Log(ratio.Min), Math.Log(ratio.Max)));
        return (Rounded(Math.Sqrt(target * aspect)), Rounded(Math.Sqrt(target / aspect)));
    }

    private static int Rounded(double length) => (int)Math.Round(Math.Min(length, int.MaxValue / 2));
}
