namespace CnnTrainers;

/// <summary>The shape of one image as a network takes it: channels first, as in PyTorch.</summary>
/// <param name="Channels">Colour channels: 1 for grey, 3 for RGB, 4 with alpha.</param>
/// <param name="Height">Rows, in pixels.</param>
/// <param name="Width">Columns, in pixels.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Values in one image: channels × height × width.</summary>
    public int Size => checked(Channels * Height * Width);

    /// <summary>The shape as <c>channels x height x width</c>, for example <c>3x96x96</c>.</summary>
    public override string ToString() => $"{Channels}x{Height}x{Width}";

    /// <summary>Throws where a dimension is not positive.</summary>
    /// <exception cref="ArgumentException">A dimension is below 1, or the image has more than 2^31 values.</exception>
    internal void Validate(string name)
    {
        if (Channels < 1 || Height < 1 || Width < 1 || (long)Channels * Height * Width > int.MaxValue)
            throw new ArgumentException($"{name}: expected positive channels, height and width, got {this}.", name);
    }
}
