using CnnTrainers.Devices;
using CnnTrainers.Estimators;
using CnnTrainers.Inference;
using CnnTrainers.Kernels;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers;

/// <summary>
/// Gradient-weighted class activation maps (Selvaraju et al., arXiv:1610.02391): which parts of an image speak for a class. The feature
/// maps of the last convolutional stage are summed up, each weighted by the mean gradient of the class's logit, and what is below zero
/// is cut off.
/// </summary>
public static class GradCam
{
    /// <summary>Maps of images for a trained model, one at a time while they are read.</summary>
    /// <param name="model">A <see cref="CnnTransformer"/>, or a chain that contains one: what was fitted or loaded.</param>
    /// <param name="rows">The rows to explain, as the model's <c>Transform</c> takes them.</param>
    /// <param name="className">The class to explain; null (default): the one that is predicted for each image.</param>
    /// <returns>
    /// A map for each row, in order, of a row without a readable image one that says so (<see cref="ActivationMap.IsMissing"/>) where the model skips
    /// such. The network is copied for as long as they are enumerated; the model is not touched.
    /// </returns>
    /// <exception cref="ArgumentException">The model contains no <see cref="CnnTransformer"/>, or has no class of that name.</exception>
    /// <exception cref="InvalidOperationException">While enumerating: an image cannot be read; the message names row and file.</exception>
    public static IEnumerable<ActivationMap> Explain(ITransformer model, IDataView rows, string? className = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var step in Steps(model))
        {
            if (step is CnnTransformer network)
                return Explain(network, rows, className is null ? null : ClassOf(network, className));
            rows = step.Transform(rows);
        }
        throw new ArgumentException($"The model contains no {nameof(CnnTransformer)}.", nameof(model));
    }

    /// <summary>Maps of images for a network.</summary>
    /// <param name="network">
    /// N×C×H×W → N×classes, made of modules N×C×H×W → N×…. Used in evaluation mode, which is restored afterwards; its parameters get no
    /// gradients. No other thread may use it meanwhile.
    /// </param>
    /// <param name="images">N×C×H×W, normalised as the network expects.</param>
    /// <param name="classes">The class to explain for each image; null (default): the one with the highest logit.</param>
    /// <returns>N×H×W, each map scaled to a highest value of 1; all 0 where nothing speaks for the class. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">No convolution of the network gives maps larger than 1×1 for such images.</exception>
    public static Tensor Compute(nn.Module<Tensor, Tensor> network, Tensor images, IReadOnlyList<long>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        if (classes is not null && classes.Count != images.shape[0])
            throw new ArgumentException($"Expected a class for each of {images.shape[0]} images, got {classes.Count}.", nameof(classes));
        var training = network.training;
        network.eval();
        try
        {
            return LibTorchErrors.Run(() =>
            {
                using var scope = NewDisposeScope();
                var (map, _) = Compute(network, LastStage.Find(network, images), images, classes);
                return map.MoveToOuterDisposeScope();
            });
        }
        finally
        {
            network.train(training);
        }
    }

    private static IEnumerable<ActivationMap> Explain(CnnTransformer transformer, IDataView rows, int? wanted)
    {
        var model = transformer.Model;
        var (feature, format) = InputColumns.ForScoring(rows.Schema, model);
        using var cursor = rows.GetRowCursorSet(RowErrors.FileColumns(rows.Schema).Prepend(feature), 1).Single(); // one that does not read ahead
        var (image, file) = (ImageReader.Create(cursor, feature, format), RowErrors.FileOf(cursor));
        var device = transformer.ComputedOn;
        using var network = transformer.Network.Copy(device);
        LastStage? stage = null;
        while (cursor.MoveNext())
        {
            var pixels = new float[model.Shape.Size];
            var isRead = Read(image, pixels, model.SkipUnreadableImages, fault => RowErrors.Unusable(feature.Name, cursor.Position, file(), fault));
            yield return isRead ? Explain(model, network, device, ref stage, pixels, wanted) : Missing(model);
        }
    }

    // False where there is no readable image, and such are skipped.
    private static bool Read(ImageReader image, float[] pixels, bool skips, Func<Exception?, Exception> error)
    {
        try
        {
            if (image.Read())
            {
                image.CopyTo(pixels);
                return true;
            }
        }
        catch (Exception fault) when (RowErrors.BelongsToRow(fault))
        {
            return skips && RowErrors.IsUnreadable(fault) ? false : throw error(fault);
        }
        return skips ? false : throw error(null);
    }

    private static ActivationMap Missing(CnnModel model) => new()
    {
        IsMissing = true, Shape = model.Shape, Pixels = new float[model.Shape.Size], Values = new float[model.Shape.Height * model.Shape.Width],
        Class = "", Probability = float.NaN, PredictedClass = "",
    };

    internal static ActivationMap Explain(CnnModel model, nn.Module<Tensor, Tensor> network, ComputeDevice device, ref LastStage? stage, float[] pixels, int? wanted)
    {
        using var scope = NewDisposeScope();
        var input = device.Bring(Scorer.Input(model, pixels, 1));
        stage ??= LastStage.Find(network, input);
        var (map, logits) = Compute(network, stage, input, wanted is { } index ? [index] : null);
        var probabilities = device.Read(logits.softmax(1)).data<float>().ToArray();
        var predicted = Array.IndexOf(probabilities, probabilities.Max());
        return new ActivationMap
        {
            Shape = model.Shape,
            Pixels = pixels,
            Values = device.Read(map).contiguous().data<float>().ToArray(),
            Class = model.Classes.Names[wanted ?? predicted],
            Probability = probabilities[wanted ?? predicted],
            PredictedClass = model.Classes.Names[predicted],
        };
    }

    private static (Tensor Map, Tensor Logits) Compute(nn.Module<Tensor, Tensor> network, LastStage stage, Tensor images, IReadOnlyList<long>? classes)
    {
        using var grad = enable_grad();
        var (logits, features) = stage.Run(network, images);
        using var owned = features;
        var index = classes is null ? logits.argmax(1, keepdim: true) : ComputeDevice.At(images).Of([.. classes], classes.Count, 1);
        var sum = logits.gather(1, index).sum();
        var slopes = (sum.requires_grad ? autograd.grad([sum], [features], allow_unused: true)[0] : null)
            ?? throw new NotSupportedException($"The network's output does not depend on its last maps ({stage.Module.GetType().Name}) by a way that gradients take.");
        var weighted = (slopes.mean([2, 3], keepdim: true) * features).detach().sum(1, keepdim: true).relu(); // N×1×h×w
        var map = nn.functional.interpolate(weighted, images.shape[2..], null, InterpolationMode.Bilinear, false);
        var scaled = map / map.amax([2, 3], keepdim: true).clamp_min(1e-20);
        return (scaled.squeeze(1), logits.detach());
    }

    private static IEnumerable<ITransformer> Steps(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [model];

    private static int ClassOf(CnnTransformer network, string name)
    {
        var index = network.ClassNames.ToList().IndexOf(name);
        return index >= 0 ? index : throw new ArgumentException(
            $"The model has no class '{name}'. Its classes: {string.Join(", ", network.ClassNames)}", nameof(name));
    }
}
