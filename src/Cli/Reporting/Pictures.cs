using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Reporting;

/// <summary>Small pictures for a report: predictions worth a look, and training images as a step sees them.</summary>
internal static class Pictures
{
    private const int Side = 96, Samples = 24;

    /// <summary>Pictures, with what speaks for the predicted class, of the mistakes and hits that a report shows: these images are read again.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The whole pipeline.</param>
    /// <param name="data">The images.</param>
    /// <param name="evaluation">What the model said about them.</param>
    /// <param name="rows">The place of each prediction's image in the data set.</param>
    /// <param name="cancel">Stops between two images.</param>
    public static IReadOnlyDictionary<int, ReportPicture> OfPredictions(
        MLContext ml, ITransformer model, DataSet data, ReportEvaluation evaluation, IReadOnlyList<int> rows, CancellationToken cancel)
    {
        int[] places = [.. evaluation.MostConfidentMistakes(), .. evaluation.LeastSureHits()];
        var pictures = new Dictionary<int, ReportPicture>();
        if (places.Length == 0) return pictures;
        DataSet chosen = data.Subset(places.Select(place => rows[place]));
        foreach ((int place, ReportPicture picture) in places.Zip(IsNetwork(model) ? Explained(model, chosen.Load(ml)) : Plain(ml, chosen)))
        {
            cancel.ThrowIfCancellationRequested();
            pictures[place] = picture with { Caption = data.NameOf(rows[place]) };
        }
        return pictures;
    }

    /// <summary>A few training images as the first epoch's steps saw them.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="front">The steps from a row of the data set to labels and pixels.</param>
    /// <param name="trainer">What trained the network.</param>
    /// <param name="data">The training images.</param>
    /// <param name="held">Those of them that were set apart.</param>
    public static IReadOnlyList<ReportPicture> OfTraining(MLContext ml, ITransformer front, CnnTrainer trainer, DataSet data, IReadOnlyList<int> held)
    {
        int[] trained = [.. Enumerable.Range(0, data.Count).Except(held)];
        int count = Math.Min(Samples, trained.Length);
        // From all over the data set, as a folder has its images class by class.
        IDataView some = data.Subset(Enumerable.Range(0, count).Select(i => trained[(int)((i + 0.5) * trained.Length / count)])).Load(ml);
        return [.. trainer.Preview(front.Transform(some)).Select(image =>
        {
            using MLImage drawn = image.Draw(Side);
            return new ReportPicture(SmallPng.Of(drawn, Side), Name(image));
        })];
    }

    private static bool IsNetwork(ITransformer model) => model is CnnTransformer || model is IEnumerable<ITransformer> chain && chain.Any(IsNetwork);

    private static IEnumerable<ReportPicture> Explained(ITransformer model, IDataView images)
    {
        foreach (ActivationMap map in GradCam.Explain(model, images))
        {
            if (map.IsMissing) continue;
            using MLImage plain = map.Draw(Side, opacity: 0), marked = map.Draw(Side);
            yield return new ReportPicture(SmallPng.Of(plain, Side), "") { GradCam = SmallPng.Of(marked, Side) };
        }
    }

    // Of a model that is no network there is nothing to explain.
    private static IEnumerable<ReportPicture> Plain(MLContext ml, DataSet images)
    {
        IDataView rows = images.Load(ml);
        foreach (byte[] planes in images.LoadPixels(ml, Side, Side).Fit(rows).Transform(rows).GetColumn<byte[]>("Pixels"))
        {
            using MLImage image = Image(planes);
            yield return new ReportPicture(SmallPng.Of(image, Side), "");
        }
    }

    private static MLImage Image(byte[] planes)
    {
        int area = Side * Side;
        byte[] pixels = new byte[4 * area];
        for (int i = 0; i < area; i++) (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = (planes[i], planes[area + i], planes[2 * area + i], 255);
        return MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, pixels);
    }

    private static string Name(TrainingImage image) =>
        image.Classes is [var one] ? one.Class : string.Join(" + ", image.Classes.Select(c => FormattableString.Invariant($"{c.Class} {c.Share:0.00}")));
}
