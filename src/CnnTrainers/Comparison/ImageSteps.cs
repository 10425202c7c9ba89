using CnnTrainers.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using ColorBits = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits;

namespace CnnTrainers.Comparison;

/// <summary>The transformers that make pixels of a wanted shape of a feature column: of images, or of pixels in another shape.</summary>
internal sealed class ImageSteps
{
    private const string Pixels = "Pixels";

    private readonly MLContext _ml;
    private readonly Func<ImageShape, IEstimator<ITransformer>>? _loading; // the caller's own way to pixels
    private readonly DataViewSchema.Column _feature;
    private readonly ImageFormat? _vector; // of a column of pixels; null where it holds images
    private readonly string _pixels, _image;

    /// <exception cref="ArgumentOutOfRangeException">There is no such feature column, or it does not fit.</exception>
    public ImageSteps(MLContext ml, DataViewSchema schema, CnnTrainerOptions options, Func<ImageShape, IEstimator<ITransformer>>? loading)
    {
        if (loading is not null)
        {
            (_ml, _loading, FeatureColumnName, _pixels, _image) = (ml, loading, options.FeatureColumnName, options.FeatureColumnName, "");
            Shape = options.ImageShape ?? throw new ArgumentException("ImageLoading makes images of any shape: BaseOptions.ImageShape must say which one is usual.");
            return;
        }
        (_ml, _feature) = (ml, Feature(schema, options.FeatureColumnName));
        (_pixels, _image) = (Free(schema, Pixels), Free(schema, $"{_feature.Name}.Image"));
        FeatureColumnName = _feature.Name;
        if (_feature.Type is ImageDataViewType image)
        {
            var channels = options.ImageShape?.Channels ?? 3;
            if (channels is not (1 or 3 or 4))
            {
                throw SchemaErrors.Mismatch(
                    "feature", _feature.Name, $"a vector with dimensions {options.ImageShape} (an image column gives 1, 3 or 4 channels)", image.ToString()!);
            }
            Shape = options.ImageShape ?? (image.Height > 0 && image.Width > 0
                ? new ImageShape(channels, image.Height, image.Width)
                : throw new ArgumentException($"Column '{_feature.Name}' has images of any size: BaseOptions.ImageShape must say what they are resized to."));
        }
        else
        {
            _vector = ImageFormat.Resolve(_feature, options.ImageShape);
            Shape = _vector.Shape;
        }
    }

    /// <summary>The column that holds the images.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The shape of the images where no other is asked for.</summary>
    public ImageShape Shape { get; }

    /// <summary>Whether pixels have to be made an image for this shape, which only bytes can.</summary>
    public bool NeedsBytes(ImageShape shape) => _vector is not null && shape != _vector.Shape;

    /// <summary>The column with the pixels of a shape, after <see cref="To"/>.</summary>
    public string ColumnOf(ImageShape shape) => _vector?.Shape == shape ? _feature.Name : _pixels;

    /// <summary>What makes pixels of a shape; null where the feature column has them.</summary>
    /// <exception cref="ArgumentException">There is no way to.</exception>
    public IEstimator<ITransformer>? To(ImageShape shape)
    {
        if (_loading is not null)
            return _loading(shape);
        if (_vector?.Shape == shape)
            return null;
        if (_vector is not null && (shape.Channels != _vector.Shape.Channels || shape.Channels is not (1 or 3 or 4)))
        {
            throw new ArgumentException(
                $"The pixels of column '{_feature.Name}' are {_vector.Shape} and cannot be made {shape}: only images of 1, 3 or 4 channels can be resized.");
        }
        // As the tool's models have it: the image is resized in place. One that is made of pixels fills its frame, as those did.
        IEstimator<ITransformer> image = _vector is null
            ? _ml.Transforms.ResizeImages(_feature.Name, shape.Width, shape.Height)
            : ToImage(_vector).Append(_ml.Transforms.ResizeImages(_image, shape.Width, shape.Height, resizing: ImageResizingEstimator.ResizingKind.Fill));
        var name = _vector is null ? _feature.Name : _image;
        if (shape.Channels == 1 && _vector is null)
        {
            image = image.Append(_ml.Transforms.ConvertToGrayscale(_image, name));
            name = _image;
        }
        return image.Append(_ml.Transforms.ExtractPixels(_pixels, name, Colors(shape)));
    }

    /// <summary>
    /// The data with images that may be read again: ML.NET's transforms of images dispose those that they are given, in-memory ones of the
    /// caller too.
    /// </summary>
    public IDataView Copied(IDataView data)
    {
        // Images of any size are made anew whenever they are read, by LoadImages or by rows such as those of IDX files.
        if (_loading is not null || _feature.Type is not ImageDataViewType { Height: > 0 } type)
            return data;
        new ImageTypeAttribute(type.Height, type.Width).Register(); // a mapping knows no other types; ResizeImages makes them without that
        var schema = SchemaDefinition.Create(typeof(ImageRow));
        (schema[0].ColumnName, schema[0].ColumnType) = (_feature.Name, type);
        return _ml.Transforms.CustomMapping<ImageRow, ImageRow>(
            static (from, to) => to.Image = from.Image is { } image ? MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels) : null,
            contractName: null, schema, schema).Fit(data).Transform(data);
    }

    private sealed class ImageRow
    {
        [ImageType(1, 1)] // the column's own type is set where it is used
        public MLImage? Image { get; set; }
    }

    private VectorToImageConvertingEstimator ToImage(ImageFormat format) => _ml.Transforms.ConvertToImage(
        format.Shape.Height, format.Shape.Width, _image, _feature.Name, Colors(format.Shape), interleavedColors: format.Interleaved);

    private static ColorBits Colors(ImageShape shape) => shape.Channels switch { 1 => ColorBits.Red, 4 => ColorBits.All, _ => ColorBits.Rgb };

    // The one that is named, else the only one that holds images.
    private static DataViewSchema.Column Feature(DataViewSchema schema, string name)
    {
        if (schema.GetColumnOrNull(name) is { } named)
            return named;
        var images = schema.Where(column => column is { IsHidden: false, Type: ImageDataViewType }).ToList();
        return images.Count == 1 ? images[0] : throw SchemaErrors.Missing("feature", name);
    }

    private static string Free(DataViewSchema schema, string name)
    {
        while (schema.GetColumnOrNull(name) is not null)
            name += "_";
        return name;
    }
}
