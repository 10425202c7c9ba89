// Fine-tuning: a network that has learned some classes learns others from few images, once as a whole, once its last layer alone.
//   dotnet run --project examples/04-FineTuning
// Of Fashion-MNIST (Debian: apt-get install dataset-fashion-mnist) it first learns five classes from 500 images, then the other five from
// 200. With weights of torchvision (torch.save(model.state_dict(), "resnet18.pth")) the first part is not needed:
//   dotnet run --project examples/04-FineTuning -- resnet18.pth
using CnnTrainers;
using CnnTrainers.Pipelines;
using Microsoft.ML;

var ml = new MLContext(seed: 1);
string[] known = ["Trouser", "Dress", "Sandal", "Bag", "Ankle boot"];
List<IdxImage> train = [.. Images("train")], test = [.. Images("t10k")];

string weights = args.Length > 0 ? args[0] : "known-classes.zip";
if (args.Length == 0)
{
    IDataView first = ml.Data.LoadFromEnumerable(train.Where(image => known.Contains(image.Label)).Take(500));
    using var model = Pipeline(new() { Epochs = 2 }).Fit(first);
    ml.Model.Save(model, first.Schema, weights);
}

IDataView few = ml.Data.LoadFromEnumerable(train.Where(image => !known.Contains(image.Label)).Take(200));
IDataView unseen = ml.Data.LoadFromEnumerable(test.Where(image => !known.Contains(image.Label)).Take(300));
double[] seconds =
[
    Try("from random weights", new()),
    Try("whole network", new() { InitialWeights = weights, LearningRate = 0.01, LayerwiseLearningRateDecay = 0.5 }),
    Try("last layer", new() { InitialWeights = weights, TrainableFrom = CnnTrainerOptions.Head }),
];
Console.WriteLine($"an epoch of the last layer is {seconds[1] / seconds[2]:0} times faster than one of the whole network");

// Fits, tells the accuracy on images that training has not seen, and gives the seconds of an epoch, the first not counted.
double Try(string name, CnnTrainerOptions options)
{
    var epochs = new List<EpochMetrics>();
    using var model = Pipeline(options with { Epochs = 3, OnEpoch = epochs.Add }).Fit(few);
    double perEpoch = epochs.Skip(1).Average(epoch => 200 / epoch.ImagesPerSecond);
    double accuracy = ml.MulticlassClassification.Evaluate(model.Transform(unseen)).MicroAccuracy;
    Console.WriteLine($"{name,-20} accuracy {accuracy:0.000}, {1000 * perEpoch:0} ms an epoch");
    return perEpoch;
}

// Grey images become three equal channels (as LoadPixels gives them), which is what weights for photographs take.
Microsoft.ML.Data.EstimatorChain<Microsoft.ML.Transforms.KeyToValueMappingTransformer> Pipeline(CnnTrainerOptions options) =>
    ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.LoadPixels("Pixels", 64, 64, inputColumnName: "Image"))
        .Append(ml.MulticlassClassification.Trainers.Cnn(ResNetVariant.ResNet18, options with { FeatureColumnName = "Pixels", BatchSize = 32, Seed = 1 }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

IEnumerable<IdxImage> Images(string part) =>
    IdxDataset.Read($"/usr/share/datasets/fashion-mnist/{part}-images-idx3-ubyte.gz", classNames: IdxDataset.FashionMnistClasses).Rows(3000);
