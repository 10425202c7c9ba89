using System.Numerics;
using System.Runtime.CompilerServices;

namespace CnnTrainers.Training;

/// <summary>
/// One image on its way through its changes, planar C×H×W, with a spare of the same size for changes that cannot be made in place. One
/// object serves all images of a worker.
/// </summary>
/// <typeparam name="T">byte or float.</typeparam>
internal sealed class ImageBuffers<T>(ImageShape shape) where T : unmanaged, INumberBase<T>
{
    private T[] _pixels = new T[shape.Size], _spare = new T[shape.Size];

    /// <summary>The image's shape.</summary>
    public ImageShape Shape => shape;

    /// <summary>The image.</summary>
    public Span<T> Pixels => _pixels;

    /// <summary>Where a change writes its result, then calls <see cref="Swap"/>.</summary>
    public Span<T> Spare => _spare;

    /// <summary>Rows of floats for operations that need them.</summary>
    public float[][] Rows { get; } = [new float[shape.Width], new float[shape.Width]];

    /// <summary>Where each column of a resized image comes from: the column left of it, and the share of the one right of it.</summary>
    public (int Left, float Share)[] Columns { get; } = new (int, float)[shape.Width];

    /// <summary>A channel of the image.</summary>
    public Span<T> Plane(int channel) => _pixels.AsSpan(channel * shape.Height * shape.Width, shape.Height * shape.Width);

    /// <summary>Makes the spare the image.</summary>
    public void Swap() => (_pixels, _spare) = (_spare, _pixels);

    /// <summary>The nearest value of the image's type.</summary>
    public static T Nearest(float value) => Round(typeof(T) == typeof(byte) ? Math.Clamp(value, 0, 255) : value);

    /// <summary>The same for a value in the type's range, such as a mean of pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Round(float value) => typeof(T) == typeof(byte)
        ? T.CreateTruncating((byte)float.ConvertToIntegerNative<int>(MathF.Round(value)))
        : T.CreateTruncating(value);
}
