// Three networks of one's own (Networks.cs), trained on the images of a folder, saved, and loaded by plain ML.NET.
//   dotnet run -c Release --project examples/08-OwnNetwork -- flowers residual
//   dotnet run -c Release --project examples/08-OwnNetwork -- flowers two-paths
//   dotnet run -c Release --project examples/08-OwnNetwork -- flowers on-resnet18 resnet18.pth        (ImageNet's weights, if there are any)
// Without a folder, 2,000 images of Fashion-MNIST are written as PNG files and used (Debian: apt-get install dataset-fashion-mnist).
using CnnTrainers;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

string folder = args.Length > 0 ? args[0] : "fashion-mnist-images";
if (args.Length == 0)
    IdxDataset.Read("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz", classNames: IdxDataset.FashionMnistClasses)
        .WritePng(folder, count: 2000);

// Static methods, not lambdas: the model file names them.
CustomArchitecture network = args.ElementAtOrDefault(1) switch
{
    null or "residual" => new CustomArchitecture("residual", Networks.Residual),
    "two-paths" => new CustomArchitecture("two-paths", Networks.TwoPaths),
    "on-resnet18" => new CustomArchitecture("on-resnet18", Networks.OnResNet18),
    var other => throw new ArgumentException($"Expected residual, two-paths or on-resnet18, got '{other}'."),
};

var ml = new MLContext(seed: 1);
ml.Log += (_, e) => { if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) Console.WriteLine(e.Message); };
IReadOnlyList<LabelledImage> files = ImageFolder.Read(folder);
IDataView images = ml.Data.LoadFromEnumerable(files);                                   // ImagePath, Label
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadPixels("Pixels", 32, 32, folder))
    .Append(ml.MulticlassClassification.Trainers.Cnn(network, new CnnTrainerOptions
    {
        FeatureColumnName = "Pixels",
        Epochs = 5,
        BatchSize = 32,
        Seed = 1,
        InitialWeights = args.ElementAtOrDefault(2),
        OnEpoch = e => Console.WriteLine($"epoch {e.Epoch}: loss {e.TrainLoss:0.000}, accuracy {e.TrainAccuracy:0.000}"),
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

var split = ml.Data.TrainTestSplit(images, 0.2);
using var model = pipeline.Fit(split.TrainSet);
Console.WriteLine($"accuracy on images that training has not seen: {ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy:0.000}");

string path = $"{network.Name}.zip";
ml.Model.SaveWhole(model, images.Schema, path);                                         // the file that is there stays until this one is whole
ITransformer loaded = new MLContext().Model.Load(path, out _);                          // in a process that has this program's assembly
using var engine = ml.Model.CreatePredictionEngine<LabelledImage, Prediction>(loaded);
Prediction prediction = engine.Predict(files[0]);
Console.WriteLine($"{files[0].ImagePath} shows: {prediction.PredictedLabel} ({prediction.Score.Max():0.00})");

internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";
    public float[] Score { get; set; } = [];
}
