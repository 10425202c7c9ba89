using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Trainers;

public sealed class MaximumEntropyOnImagesTests
{
    public sealed class Picture
    {
        public string Label { get; set; }

        [Microsoft.ML.Transforms.Image.ImageType(8, 8)]
        public MLImage Image { get; set; }
    }

    private static Picture Make(int index)
    {
        bool bright = index % 2 == 0;
        var pixels = new byte[8 * 8 * 4];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = i % 4 == 3 ? (byte)255 : (byte)((bright ? 160 : 40) + (i * 7 + index * 13) % 60);
        return new Picture { Label = bright ? "bright" : "dark", Image = MLImage.CreateFromPixels(8, 8, MLPixelFormat.Bgra32, pixels) };
    }

    [Fact]
    public void ItLearnsFromExtractedPixelsAndServesOneImageAtATime()
    {
        var ml = new MLContext(seed: 1);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.ExtractPixels("Features", "Image", scaleImage: 1 / 255f))
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 0.01f, l2Regularization: 0.01f))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(Make).ToList());
        var model = pipeline.Fit(data);
        Assert.Equal(1, ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
        using var engine = ml.Model.CreatePredictionEngine<Picture, Answer>(model);
        Assert.Equal(["bright", "dark"], [engine.Predict(Make(40)).PredictedLabel, engine.Predict(Make(41)).PredictedLabel]);
    }

    public sealed class Answer
    {
        public string PredictedLabel { get; set; }

        public float[] Score { get; set; }
    }
}
