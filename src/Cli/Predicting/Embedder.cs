using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Predicting;

/// <summary>An image and its features: what the network's last layer gets of it.</summary>
internal sealed record Embedding(ImageInput Image, float[] Features)
{
    private readonly double _length = Math.Sqrt(Features.Sum(value => (double)value * value));

    /// <summary>The cosine of two images' features, -1 to 1; 0 where one has none.</summary>
    public double Similarity(Embedding other)
    {
        double product = 0, length = _length * other._length;
        for (int i = 0; i < Features.Length; i++) product += (double)Features[i] * other.Features[i];
        return length > 0 ? product / length : 0;
    }
}

/// <summary>Asks a model for the features of images.</summary>
internal sealed class Embedder : IDisposable
{
    private const string Column = "CnnFeatures";
    private const int AtOnce = 256; // images

    private readonly MLContext _ml;
    private readonly ITransformer _model;
    private readonly DataViewSchema _schema;
    private readonly CnnTransformer _network;

    /// <summary>Takes a model.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The whole pipeline, of which all up to the network is used.</param>
    /// <param name="schema">Of the rows that it was trained on.</param>
    /// <param name="path">The model's file, for messages.</param>
    public Embedder(MLContext ml, ITransformer model, DataViewSchema schema, string path)
    {
        ITransformer[] parts = [.. ModelFile.Parts(model)];
        int at = Array.FindLastIndex(parts, part => part is CnnTransformer);
        if (at < 0) throw new CliException($"'{path}' has no network in it.");
        _network = ((CnnTransformer)parts[at]).WithFeatures(Column);
        (_ml, _schema, _model) = (ml, schema, new TransformerChain<ITransformer>([.. parts[..at], _network]));
    }

    /// <summary>The features of images, in their order; those that cannot be read are added to a list.</summary>
    public IEnumerable<Embedding> Of(IEnumerable<ImageInput> images, List<ImageFault> bad, CancellationToken cancel)
    {
        foreach (ImageInput[] some in images.Chunk(AtOnce))
        {
            cancel.ThrowIfCancellationRequested();
            ImageInput[] whole = ImageInputs.Whole(some, bad, cancel);
            if (whole.Length == 0) continue;
            IDataView rows = Predictor.Rows(_ml, _model, _schema, [.. whole.Select(image => image.Path)]);
            foreach ((ImageInput image, float[] features) in whole.Zip(_model.Transform(rows).GetColumn<float[]>(Column))) yield return new Embedding(image, features);
        }
    }

    public void Dispose() => _network.Dispose();
}
