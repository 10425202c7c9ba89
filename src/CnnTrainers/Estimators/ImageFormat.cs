using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Estimators;

/// <summary>The shape of a column's images and how a vector holds them.</summary>
/// <param name="Shape">Channels, height, width.</param>
/// <param name="Interleaved">Height × width × channels in a vector; otherwise planar, channels × height × width.</param>
internal sealed record ImageFormat(ImageShape Shape, bool Interleaved)
{
    // More than this many values in the last dimension cannot be the channels of an interleaved image.
    private const int MostChannels = 4;

    /// <summary>The format that a feature column's type states, with the shape that the options may add.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type and the wanted shape disagree, or no shape can be found.</exception>
    public static ImageFormat Resolve(DataViewSchema.Column column, ImageShape? wanted) => column.Type switch
    {
        ImageDataViewType image => FromImage(column, image, wanted),
        VectorDataViewType { Dimensions.Length: 1 } vector => FromFlat(column, vector, wanted),
        VectorDataViewType vector => FromDimensions(column, vector.Dimensions, wanted),
        _ => throw Mismatch(column, "Vector<Single>, Vector<Byte> or Image", TypeText(column.Type)),
    };

    /// <summary>The format of a column that a network trained on this format is to score.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column's images have another shape.</exception>
    public ImageFormat Match(DataViewSchema.Column column)
    {
        switch (column.Type)
        {
            case ImageDataViewType image when image.Height <= 0 || (image.Height == Shape.Height && image.Width == Shape.Width):
                return this;
            case ImageDataViewType:
                throw Mismatch(column, $"Image<{Shape.Height}, {Shape.Width}>", TypeText(column.Type));
            case VectorDataViewType { Dimensions.Length: 1 } vector when vector.Size == Shape.Size:
                return this;
            case VectorDataViewType vector:
                var layouts = Layouts(vector.Dimensions).Where(format => format.Shape == Shape).ToList();
                return layouts.Contains(this) ? this : layouts.FirstOrDefault() ?? throw Mismatch(column, VectorText(vector.ItemType), TypeText(vector));
            default:
                throw Mismatch(column, "Vector<Single>, Vector<Byte> or Image", TypeText(column.Type));
        }
    }

    private static ImageFormat FromImage(DataViewSchema.Column column, ImageDataViewType image, ImageShape? wanted)
    {
        var channels = wanted?.Channels ?? 3;
        if (channels is not (1 or 3 or 4))
            throw Mismatch(column, $"a vector with dimensions {wanted} (an image column gives 1, 3 or 4 channels)", TypeText(image));
        if (image.Height <= 0 || image.Width <= 0)
            return new ImageFormat(wanted ?? throw Mismatch(column, "known-size image", "unknown-size image"), Interleaved: false);
        if (wanted is { } shape && (shape.Height != image.Height || shape.Width != image.Width))
            throw Mismatch(column, $"Image<{shape.Height}, {shape.Width}> as ImageShape {shape} says", TypeText(image));
        return new ImageFormat(new ImageShape(channels, image.Height, image.Width), Interleaved: false);
    }

    private static ImageFormat FromFlat(DataViewSchema.Column column, VectorDataViewType vector, ImageShape? wanted)
    {
        if (wanted is not { } shape)
            throw Mismatch(column, "a vector with dimensions channels x height x width, or ImageShape in the options", TypeText(vector));
        if (shape.Size != vector.Size)
            throw Mismatch(column, $"{shape.Size} values as ImageShape {shape} says", TypeText(vector));
        return new ImageFormat(shape, Interleaved: false);
    }

    private static ImageFormat FromDimensions(DataViewSchema.Column column, ImmutableArray<int> dimensions, ImageShape? wanted)
    {
        var formats = Layouts(dimensions).ToList();
        if (wanted is { } shape)
            return formats.Find(format => format.Shape == shape)
                ?? throw Mismatch(column, $"dimensions as ImageShape {shape} says", TypeText(column.Type));
        // A small last dimension behind a large first one is the channels of an interleaved image; all else is read as planar.
        return formats.Find(format => format.Interleaved == (dimensions[^1] <= MostChannels && dimensions[0] > MostChannels))
            ?? formats.FirstOrDefault()
            ?? throw Mismatch(column, "a vector with dimensions channels x height x width", TypeText(column.Type));
    }

    // The ways to read dimensions as an image; two dimensions are a grey one.
    private static IEnumerable<ImageFormat> Layouts(ImmutableArray<int> dimensions)
    {
        if (dimensions.Length == 2)
            yield return new ImageFormat(new ImageShape(1, dimensions[0], dimensions[1]), Interleaved: false);
        if (dimensions.Length != 3)
            yield break;
        yield return new ImageFormat(new ImageShape(dimensions[0], dimensions[1], dimensions[2]), Interleaved: false);
        yield return new ImageFormat(new ImageShape(dimensions[2], dimensions[0], dimensions[1]), Interleaved: true);
    }

    private string VectorText(DataViewType item) => Interleaved
        ? $"Vector<{item}, {Shape.Height}, {Shape.Width}, {Shape.Channels}>"
        : $"Vector<{item}, {Shape.Channels}, {Shape.Height}, {Shape.Width}>";

    private static string TypeText(DataViewType type) => type.ToString()!;

    private static ArgumentOutOfRangeException Mismatch(DataViewSchema.Column column, string expected, string got) =>
        SchemaErrors.Mismatch("feature", column.Name, expected, got);
}
