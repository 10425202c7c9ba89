// Learns what pictures show, from a folder with a folder for each class, such as flowers/daisy/1.jpg and flowers/rose/2.png:
//   dotnet run -c Release -- flowers
using CnnTrainers;
using CnnTrainers.Pipelines;
using Microsoft.ML;

if (args.Length != 1 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("Usage: dotnet run -c Release -- FOLDER, which has a folder of images for each class.");
    return 2;
}
string folder = Path.GetFullPath(args[0]);

var ml = new MLContext(seed: 1);
IReadOnlyList<LabelledImage> files = ImageFolder.Read(folder);
IDataView images = ml.Data.LoadFromEnumerable(files);                           // ImagePath, Label
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadPixels("Pixels", 64, 64, folder))                 // reads ImagePath: 3 × 64 × 64 bytes
    .Append(ml.MulticlassClassification.Trainers.Cnn(ResNetVariant.ResNet18, new CnnTrainerOptions
    {
        FeatureColumnName = "Pixels",
        Epochs = 10,
        Seed = 1,
        OnEpoch = e => Console.WriteLine($"epoch {e.Epoch,2}: loss {e.TrainLoss:0.000}, accuracy {e.TrainAccuracy:0.000}"),
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

var split = ml.Data.TrainTestSplit(images, testFraction: 0.2);
using var model = pipeline.Fit(split.TrainSet);
var metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
Console.WriteLine($"accuracy on images that it has not seen: {metrics.MicroAccuracy:0.000}");

ml.Model.Save(model, images.Schema, "model.zip");                               // weights inside
using var engine = ml.Model.CreatePredictionEngine<LabelledImage, Prediction>(ml.Model.Load("model.zip", out _));
Prediction prediction = engine.Predict(files[0]);
Console.WriteLine($"saved model.zip, which says of {files[0].ImagePath}: {prediction.PredictedLabel} ({prediction.Score.Max():0.00})");
return 0;

internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";
    public float[] Score { get; set; } = [];
}
