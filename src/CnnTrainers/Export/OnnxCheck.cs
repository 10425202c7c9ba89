using CnnTrainers.Estimators;
using CnnTrainers.Inference;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace CnnTrainers.Export;

/// <summary>Whether a written file gives ONNX Runtime the answers that the network gives.</summary>
internal static class OnnxCheck
{
    private const int Images = 3;
    private const float Tolerance = 1e-4f; // of a probability, or of the largest logit

    /// <summary>Runs both on images of noise.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime is not there, or does not take the file.</exception>
    /// <exception cref="InvalidDataException">The answers differ.</exception>
    public static OnnxAgreement Run(byte[] file, CnnModel model, SharedNetwork network, OnnxOptions options)
    {
        if (!OnnxEngine.IsThere)
            throw new InvalidOperationException("The exported network cannot be checked: ONNX Runtime's native library is not there. Add the package Microsoft.ML.OnnxRuntime to the program, or export without the check.");
        var pixels = Noise(model);
        var (scores, labels) = Run(file, model, pixels);
        var own = options.Logits ? Logits(model, network, pixels) : Probabilities(model, network, pixels);
        var scale = options.Logits ? own.Max(Math.Abs) : 1;
        var difference = own.Zip(scores, (mine, theirs) => float.IsNaN(mine) && float.IsNaN(theirs) ? 0 : Math.Abs(mine - theirs)).Max() / scale;
        if (!(difference <= Tolerance))
            throw new InvalidDataException(FormattableString.Invariant($"ONNX Runtime gives other answers for the exported network than the network itself: they differ by {difference:0.0e+0}, expected at most {Tolerance:0.0e+0}. The file was not kept."));
        for (var image = 0; image < Images; image++)
        {
            var ofImage = scores.Skip(image * model.Classes.Count).Take(model.Classes.Count).ToList();
            if (labels[image] != model.Classes.Names[ofImage.IndexOf(ofImage.Max())] && !ofImage.Exists(float.IsNaN))
                throw new InvalidDataException($"ONNX Runtime gives the label '{labels[image]}' where another class has the largest score. The file was not kept.");
        }
        return new(OrtEnv.Instance().GetVersionString(), Images, difference);
    }

    private static (float[] Scores, string[] Labels) Run(byte[] file, CnnModel model, float[] pixels)
    {
        try
        {
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            using var session = new InferenceSession(file, options);
            using var input = OrtValue.CreateTensorValueFromMemory(pixels, [Images, model.Shape.Channels, model.Shape.Height, model.Shape.Width]);
            using var run = new RunOptions();
            using var outputs = session.Run(run, [model.FeatureColumnName], [input], [model.ScoreColumnName, model.PredictedLabelColumnName]);
            return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetStringTensorAsArray());
        }
        catch (OnnxRuntimeException fault)
        {
            throw new InvalidOperationException($"ONNX Runtime does not take the exported network: {fault.Message}", fault);
        }
    }

    private static float[] Probabilities(CnnModel model, SharedNetwork network, float[] pixels)
    {
        var probabilities = new float[Images * model.Classes.Count];
        new Scorer(model, network, _ => { }).Score(pixels, Images, probabilities);
        return probabilities;
    }

    private static float[] Logits(CnnModel model, SharedNetwork network, float[] pixels)
    {
        using var use = network.Use();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return [.. use.Network.call(Scorer.Input(model, pixels, Images)).contiguous().data<float>()];
    }

    // As the network is used to: around the mean, of the usual deviation.
    private static float[] Noise(CnnModel model)
    {
        var (random, plane) = (new Random(1), model.Shape.Height * model.Shape.Width);
        var pixels = new float[Images * model.Shape.Size];
        for (var i = 0; i < pixels.Length; i++)
        {
            var channel = i / plane % model.Shape.Channels;
            pixels[i] = model.Normalization.Mean[channel] + (model.Normalization.Std[channel] * ((random.NextSingle() * 4) - 2));
        }
        return pixels;
    }
}
