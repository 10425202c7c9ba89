using CnnTrainers.Bench.Harness;
using CnnTrainers.Bench.Scoring;
using CnnTrainers.Estimators;
using CnnTrainers.Inference;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace CnnTrainers.Bench.Serving;

/// <summary>Two model files of one network that answer differently, and the images that they are asked about.</summary>
internal static class ServedFiles
{
    public const string Network = "resnet18";
    public const int Size = 224, Images = 64;

    public static string Model(string folder, int which) => Path.Combine(folder, $"model{which}.zip");

    /// <summary>The bytes of the images, which cost a decoder what photographs do.</summary>
    public static IReadOnlyList<byte[]> Photographs() =>
        [.. Directory.EnumerateFiles(Harness.Images.Folder(Images, 500, 375), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>Writes the models: the second one has the last layer of the first with the opposite sign.</summary>
    public static Measurement Write(string weights, string folder)
    {
        var ml = new MLContext(seed: 1);
        var shape = new ImageShape(3, Size, Size);
        IDataView none = ml.Data.LoadFromEnumerable<LabelledImage>([]);
        ITransformer pixels = ml.Transforms.LoadPixels("Pixels", Size, Size).Fit(none);
        var model = new CnnModel
        {
            Architecture = CnnArchitecture.Get(Network),
            Format = new ImageFormat(shape, Interleaved: false),
            Normalization = ScoringImages.Normalization,
            Classes = ClassLabels.Unnamed(ScoringCase.Classes),
            FeatureColumnName = "Pixels", LabelColumnName = "Label", ScoreColumnName = "Score", PredictedLabelColumnName = "PredictedLabel",
            SkipUnreadableImages = false,
            Summary = new TrainingSummary(Network, 0, 0, 1, 0, false, 0, []),
        };
        for (int which = 0; which < 2; which++)
        {
            var network = SharedNetwork.Build(model);
            CnnWeights.Load(network, weights);
            if (which == 1)
                using (torch.no_grad())
                    network.get_parameter("fc.weight")!.neg_();
            using var transformer = new CnnTransformer(ml, model, new SharedNetwork(model, network));
            ml.Model.Save(new TransformerChain<ITransformer>(pixels, transformer), none.Schema, Model(folder, which));
        }
        return new Measurement([], Status.PeakBytes, MachineLine.Build);
    }
}
