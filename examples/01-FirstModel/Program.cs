// The first model: a folder of images in, a network trained on them, metrics, a model file, and a prediction from that file.
//   dotnet run --project examples/01-FirstModel -- flowers
// Without a folder, 2,000 images of Fashion-MNIST are written as PNG files and used (Debian: apt-get install dataset-fashion-mnist).
using CnnTrainers;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

string folder = args.Length > 0 ? args[0] : "fashion-mnist-images";
if (args.Length == 0)
    IdxDataset.Read("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz", classNames: IdxDataset.FashionMnistClasses)
        .WritePng(folder, count: 2000);

var ml = new MLContext(seed: 1);
IReadOnlyList<LabelledImage> files = ImageFolder.Read(folder);
IDataView images = ml.Data.LoadFromEnumerable(files);                                   // ImagePath, Label

var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadPixels("Pixels", 32, 32, folder))                          // reads ImagePath
    .Append(ml.MulticlassClassification.Trainers.Cnn(ResNetVariant.ResNet18, new CnnTrainerOptions
    {
        FeatureColumnName = "Pixels",
        Epochs = 3,
        Seed = 1,
        OnEpoch = e => Console.WriteLine($"epoch {e.Epoch}: loss {e.TrainLoss:0.000}, accuracy {e.TrainAccuracy:0.000}"),
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

var split = ml.Data.TrainTestSplit(images, 0.2);
using var model = pipeline.Fit(split.TrainSet);
MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
Console.WriteLine($"accuracy on images that training has not seen: {metrics.MicroAccuracy:0.000}");

ml.Model.Save(model, images.Schema, "first-model.zip");                                 // weights inside
ITransformer loaded = new MLContext().Model.Load("first-model.zip", out _);             // plain Load reads it
using var engine = ml.Model.CreatePredictionEngine<LabelledImage, Prediction>(loaded);
Prediction prediction = engine.Predict(files[0]);
Console.WriteLine($"{files[0].ImagePath} shows: {prediction.PredictedLabel} ({prediction.Score.Max():0.00})");

internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";
    public float[] Score { get; set; } = [];
}
