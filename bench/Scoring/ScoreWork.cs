using CnnTrainers.Bench.Harness;
using CnnTrainers.Estimators;
using CnnTrainers.Inference;
using Microsoft.ML;
using static TorchSharp.torch;

namespace CnnTrainers.Bench.Scoring;

/// <summary>
/// Our scoring as the transformer does it for a batch of rows: from raw pixels in planes to probabilities. Normalisation, the order of the
/// pixels in memory and softmax are within; reading rows from a data view is not.
/// </summary>
internal static class ScoreWork
{
    public static Measurement Measure(ScoreArguments arguments)
    {
        ScoringCase one = arguments.Case;
        if (!one.Precision.IsFast)
            return Measurement.NotMade($"this machine has no {one.Precision}");
        set_num_threads(2);
        using CnnTransformer transformer = Load(one, arguments.File);
        transformer.Precision = one.Precision;
        if (one.OnnxEngine)
            transformer.Engine = CnnEngine.OnnxRuntime;
        float[] pixels = ScoringImages.Raw(one.Batch, one.Shape), probabilities = new float[one.Batch * ScoringCase.Classes];
        return arguments.Measure(() => transformer.Scorer.Score(pixels, one.Batch, probabilities), probabilities, MachineLine.Build);
    }

    /// <summary>A transformer with a case's weights.</summary>
    public static CnnTransformer Load(ScoringCase one, string file)
    {
        var model = new CnnModel
        {
            Architecture = CnnArchitecture.Get(one.Network),
            Format = new ImageFormat(one.Shape, Interleaved: false),
            Normalization = ScoringImages.Normalization,
            Classes = ClassLabels.Unnamed(ScoringCase.Classes),
            FeatureColumnName = "Features", LabelColumnName = "Label", ScoreColumnName = "Score", PredictedLabelColumnName = "PredictedLabel",
            SkipUnreadableImages = false,
            Summary = new TrainingSummary(one.Network, 0, 0, 1, 0, false, 0, []),
        };
        var network = SharedNetwork.Build(model);
        CnnWeights.Load(network, file);
        return new CnnTransformer(new MLContext(), model, new SharedNetwork(model, network));
    }
}
