using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Predicting;

/// <summary>Asks a model what images show.</summary>
internal sealed class Predictor
{
    private readonly MLContext _ml;
    private readonly ITransformer _model;
    private readonly DataViewSchema _schema;
    private readonly string[] _classes;
    private readonly int _top;
    private readonly double _threshold;

    /// <summary>Takes a model.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The whole pipeline.</param>
    /// <param name="schema">Of the rows that it was trained on.</param>
    /// <param name="top">How many classes are named for an image.</param>
    /// <param name="threshold">The answer is "unknown" where no class is as likely as this.</param>
    public Predictor(MLContext ml, ITransformer model, DataViewSchema schema, int top, double threshold = 0)
    {
        (_ml, _model, _schema, _threshold) = (ml, model, schema, threshold);
        _classes = [.. Evaluation.ClassNames(model.GetOutputSchema(Rows(ml, model, schema, []).Schema))];
        _top = Math.Min(top, _classes.Length);
    }

    /// <summary>How many classes are named for an image.</summary>
    public int Top => _top;

    /// <summary>What the images show that are images; the others are added to a list.</summary>
    /// <param name="images">So many as fit into memory.</param>
    /// <param name="bad">The list.</param>
    /// <param name="cancel">Stops between two of them.</param>
    public IReadOnlyList<Prediction> Predict(IReadOnlyList<ImageInput> images, List<ImageFault> bad, CancellationToken cancel)
    {
        ImageInput[] whole = ImageInputs.Whole(images, bad, cancel);
        try
        {
            return Predict(whole);
        }
        catch (Exception) when (whole.Length > 0 && !cancel.IsCancellationRequested)
        {
            return OneByOne(whole, bad, cancel);
        }
    }

    /// <summary>What images show, all of which can be read, in the order given.</summary>
    public IReadOnlyList<Prediction> Predict(IReadOnlyList<ImageInput> images) => images.Count == 0 ? [] :
        [.. _model.Transform(Rows(_ml, _model, _schema, [.. images.Select(image => image.Path)])).GetColumn<float[]>("Score").Zip(images, (scores, image) => Of(image.Name, scores))];

    /// <summary>Image files as rows for a model.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The whole pipeline.</param>
    /// <param name="schema">Of the rows that it was trained on.</param>
    /// <param name="files">The files.</param>
    internal static IDataView Rows(MLContext ml, ITransformer model, DataViewSchema schema, IReadOnlyList<string> files)
    {
        if (schema.GetColumnOrNull("ImagePath") is not null) return ml.Data.LoadFromEnumerable(files.Select(f => new LabelledImage { ImagePath = Path.GetFullPath(f) }));
        // A model of images in memory (IDX) has no such column. Where LoadPixels reads them it takes files in their place; an older one is fed decoded images.
        return ModelFile.Parts(model).OfType<PixelLoadingTransformer>().Any(pixels => pixels.InputColumnName == nameof(FileRow.Image))
            ? ml.Data.LoadFromEnumerable(files.Select(f => new FileRow { Image = Path.GetFullPath(f) }))
            : ml.Data.LoadFromEnumerable(files.Select(f => new IdxImage { Image = Decode(f) }));
    }

    private sealed class FileRow
    {
        public string Image { get; set; } = "";

        public string Label { get; set; } = "";
    }

    // A file that passed the check and cannot be read all the same, as it was changed meanwhile, does not take the others with it.
    private List<Prediction> OneByOne(ImageInput[] images, List<ImageFault> bad, CancellationToken cancel)
    {
        var predictions = new List<Prediction>();
        foreach (ImageInput image in images)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                predictions.AddRange(Predict([image]));
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                bad.Add(new ImageFault(image.Name, CommandRunner.Explain(e)));
            }
        }
        return predictions;
    }

    private Prediction Of(string image, float[] scores)
    {
        ClassProbability[] best = [.. Enumerable.Range(0, scores.Length).OrderByDescending(c => scores[c]).Take(_top).Select(c => new ClassProbability(_classes[c], scores[c]))];
        return new Prediction(image, best[0].Probability < _threshold ? Prediction.Unknown : best[0].Class, best[0].Probability, best);
    }

    private static MLImage Decode(string file)
    {
        try
        {
            return MLImage.CreateFromFile(file);
        }
        catch (ArgumentException e)
        {
            throw new CliException($"'{file}' cannot be read as an image: {e.Message}");
        }
    }
}
