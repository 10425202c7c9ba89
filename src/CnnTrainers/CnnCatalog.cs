using CnnTrainers.Persistence;
using Microsoft.ML;

namespace CnnTrainers;

/// <summary>Adds convolutional networks to ML.NET's trainers.</summary>
public static class CnnCatalog
{
    /// <summary>
    /// Trains a convolutional network, with SGD, one-cycle learning rates and label smoothing, for a number of epochs. Architectures are
    /// the static properties of <see cref="LeNetVariant"/> (LeCun et al., 1998), <see cref="ResNetVariant"/> (He et al., 2015) and
    /// <see cref="DenseNetVariant"/> (Huang et al., 2017); <see cref="CnnArchitecture.Get"/> finds them by name.
    /// </summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="architecture">The network, for example <see cref="ResNetVariant.ResNet18"/>.</param>
    /// <param name="labelColumnName">The label column, of key type (MapValueToKey).</param>
    /// <param name="featureColumnName">The column with the pixels: a float or byte vector (ExtractPixels) or an image.</param>
    /// <param name="epochs">Passes over the training images, at least 1.</param>
    /// <param name="batchSize">Images per training step, at least 2.</param>
    /// <param name="randomHorizontalFlip">Whether half of the training images are mirrored: right for photographs, wrong for digits.</param>
    /// <param name="validationFraction">Share of the training images kept apart for validation, 0 up to but not 1.</param>
    /// <param name="seed">The seed of everything random; null takes one from the MLContext.</param>
    /// <returns>The trainer, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public static CnnTrainer Cnn(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        CnnArchitecture architecture,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int epochs = 10,
        int batchSize = 64,
        bool randomHorizontalFlip = false,
        double validationFraction = 0,
        int? seed = null) => catalog.Cnn(architecture, new CnnTrainerOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            Epochs = epochs,
            BatchSize = batchSize,
            RandomHorizontalFlip = randomHorizontalFlip,
            ValidationFraction = validationFraction,
            Seed = seed,
        });

    /// <summary>Trains a convolutional network with all options.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="architecture">The network, for example <see cref="DenseNetVariant.DenseNet121"/>.</param>
    /// <param name="options">How to train; copied.</param>
    /// <returns>The trainer, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public static CnnTrainer Cnn(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, CnnArchitecture architecture, CnnTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new CnnTrainer(MLNetInternals.EnvironmentOf(catalog), architecture, options);
    }

    /// <summary>
    /// Saves a model as <c>Save</c> does, so that the file that is there stays until the new one is whole: <c>Save</c> empties it before it asks
    /// the model for anything.
    /// </summary>
    /// <param name="catalog"><c>mlContext.Model</c>.</param>
    /// <param name="model">The model, of any kind.</param>
    /// <param name="inputSchema">The schema of the rows that it takes; null where it is not to be in the file.</param>
    /// <param name="path">The file; its folder must be there.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveWhole(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, file => catalog.Save(model, inputSchema, file));
    }
}
