// The textbooks' DenseNet on Fashion-MNIST at 96x96: four dense blocks of four layers, growth 32.
//   dotnet run -c Release --project examples/03-DenseNet                     1,000 images, 3 epochs: a minute or two on two cores
//   dotnet run -c Release --project examples/03-DenseNet -- 60000 10         all of them, 10 epochs, as the textbook does
// A third argument is the folder of the IDX files (Debian: apt-get install dataset-fashion-mnist).
using CnnTrainers;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

int images = args.Length > 0 ? int.Parse(args[0]) : 1000, epochs = args.Length > 1 ? int.Parse(args[1]) : 3;
string folder = args.Length > 2 ? args[2] : "/usr/share/datasets/fashion-mnist";
IdxDataset Open(string part) => IdxDataset.Read(
    Directory.EnumerateFiles(folder, $"{part}-images*idx3*").First(), classNames: IdxDataset.FashionMnistClasses);

// What the network is made of: 1×96×96 in, the blocks' shapes on the way, ten classes out.
NetworkSummary summary = NetworkSummary.Of(DenseNetVariant.DenseNetSmall, new ImageShape(1, 96, 96), classes: 10);
foreach (LayerSummary layer in summary.Layers.Where(l => l.Depth <= 2 && l.Name != "features"))
    Console.WriteLine($"{layer.Name,-22}{layer.OutputText,-12}{layer.Parameters,10:N0} parameters");
Console.WriteLine($"{summary.Parameters:N0} parameters, {summary.MultiplyAccumulates:N0} multiply-accumulates an image");

var ml = new MLContext(seed: 1);
IDataView train = ml.Data.LoadFromEnumerable(Open("train").Rows(images));
IDataView test = ml.Data.LoadFromEnumerable(Open("t10k").Rows(Math.Min(images, 10_000)));
var history = new List<EpochMetrics>();
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadPixels("Pixels", 96, 96, inputColumnName: "Image", options: new() { Colors = PixelColors.Gray })) // 1×96×96
    .Append(ml.MulticlassClassification.Trainers.Cnn(DenseNetVariant.DenseNetSmall, new CnnTrainerOptions
    {
        FeatureColumnName = "Pixels",
        Epochs = epochs,
        Seed = 1,
        ValidationFraction = 0.1,
        OnEpoch = e =>
        {
            history.Add(e);
            Console.WriteLine($"epoch {e.Epoch}: loss {e.TrainLoss:0.000}, accuracy {e.TrainAccuracy:0.000}, validation {e.ValidationAccuracy:0.000}, {e.ImagesPerSecond:0} images/s");
        },
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

using var model = pipeline.Fit(train);
IDataView scored = ml.Data.Cache(model.Transform(test), "Label", "Score", "PredictedLabel");
MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(scored);
Console.WriteLine($"accuracy on {Math.Min(images, 10_000):N0} test images: {metrics.MicroAccuracy:0.000}");

new LineChart
{
    Title = $"densenet_small on {images:N0} images of Fashion-MNIST", XLabel = "epoch", YLabel = "accuracy", YFrom = 0, YTo = 1,
    Series = [LineSeries.OfEpochs("training", history.Select(e => e.TrainAccuracy)), LineSeries.OfEpochs("validation", history.Select(e => e.ValidationAccuracy ?? double.NaN))],
}.Save("densenet.svg");
Console.WriteLine("The curves are in densenet.svg");
