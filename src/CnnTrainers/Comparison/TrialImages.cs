using CnnTrainers.Estimators;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Comparison;

/// <summary>The images of one shape, read once for all trials that have it, and the transformers that make them of the experiment's rows.</summary>
internal sealed record TrialImages(
    IReadOnlyList<ITransformer> Front, ImageFormat Format, DataViewSchema.Column Label, string FeatureColumnName, PixelStore Train, PixelStore? Validation) : IDisposable
{
    /// <summary>The shape of the images as the networks take them.</summary>
    public ImageShape Shape => Format.Shape;

    /// <summary>Some of the images as rows of label and pixels, for ML.NET's own components and for scoring.</summary>
    public RowsView View(ImageSet images) => new(
        images.Indices.Length,
        RowsView.Column.Keys(Label.Name, Label.Type, Label.Annotations, row => images.Store.LabelOf(images.Indices[row])),
        RowsView.Column.Vectors(FeatureColumnName, PixelType, null, (row, pixels) => Write(images.Store, images.Indices[row], pixels)));

    // As the rows have them, for what is trained on this to be applied to those.
    private VectorDataViewType PixelType => Format.Interleaved
        ? new(NumberDataViewType.Single, Shape.Height, Shape.Width, Shape.Channels)
        : new(NumberDataViewType.Single, Shape.Channels, Shape.Height, Shape.Width);

    private void Write(PixelStore store, int index, Span<float> pixels)
    {
        if (!Format.Interleaved)
        {
            store.CopyTo(index, pixels);
            return;
        }
        var planar = new float[Shape.Size];
        store.CopyTo(index, planar.AsSpan());
        var area = Shape.Height * Shape.Width;
        for (var at = 0; at < planar.Length; at++)
            pixels[at % area * Shape.Channels + at / area] = planar[at];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Validation?.Dispose();
    }
}
