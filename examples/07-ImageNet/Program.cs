// What ImageNet is worth where pictures are few: 342 emoji, 57 of each of six categories, are learned; 342 others of the same categories are the test.
//   (cd examples/07-ImageNet && npm install)      Google's emoji, 64×64 PNG: package emoji-datasource-google (MIT), its pictures Noto Emoji (Apache-2.0)
//   dotnet run -c Release --project examples/07-ImageNet
// The same by the tool, on the folders that this program writes: ./cnn train emoji --weights imagenet --train-from head --image-size 128 --test emoji/test
using System.Diagnostics;
using System.Text.Json;
using CnnTrainers;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

const int Size = 128, OfEach = 57;
string[] categories = ["Animals & Nature", "Food & Drink", "Objects", "Smileys & Emotion", "Symbols", "Travel & Places"];
string package = args.Length > 0 ? args[0] : "examples/07-ImageNet/node_modules/emoji-datasource-google";
if (!File.Exists(Path.Combine(package, "emoji.json")))
{
    Console.Error.WriteLine($"{package} does not have the emoji: run npm install in examples/07-ImageNet, or give the folder of the package.");
    return 2;
}
WriteFolders();

var ml = new MLContext(seed: 1);
IDataView train = Images("emoji/train"), others = Images("emoji/test");
string weights = Path.Combine(AppContext.BaseDirectory, "ResNet18.onnx");
var lines = new List<LineSeries>();
Console.WriteLine($"{"",-32} accuracy on other emoji   seconds");
Try("from ImageNet, the head alone", new() { InitialWeights = weights, TrainableFrom = CnnTrainerOptions.Head, Epochs = 40 });
Try("from ImageNet, all of it", new() { InitialWeights = weights, Epochs = 8, LearningRate = 0.01, LayerwiseLearningRateDecay = 0.7, RandomHorizontalFlip = true });
Try("from scratch", new() { Epochs = 8, RandomHorizontalFlip = true });
new LineChart { Title = "Six categories of emoji from 342 pictures", XLabel = "seconds", YLabel = "accuracy on other emoji", YFrom = 0, YTo = 1, Series = lines }.Save("imagenet.svg");
Console.WriteLine("The curves are in imagenet.svg");
return 0;

// Paths as seen from here, as the two folders go through one pipeline.
IDataView Images(string folder) => ml.Data.LoadFromEnumerable(
    ImageFolder.Read(folder).Select(image => new LabelledImage { ImagePath = Path.Combine(folder, image.ImagePath), Label = image.Label }));

void Try(string name, CnnTrainerOptions options)
{
    var epochs = new List<EpochMetrics>();
    ITransformer front = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.LoadPixels("Pixels", Size, Size)).Fit(train);
    var trainer = ml.MulticlassClassification.Trainers.Cnn(ResNetVariant.ResNet18MLNet, options with { FeatureColumnName = "Pixels", BatchSize = 32, Seed = 1, OnEpoch = epochs.Add });
    var clock = Stopwatch.StartNew();
    // The other emoji are looked at after every epoch, for the curve; the number is the last one's, and nothing is chosen by them.
    using (trainer.Fit(front.Transform(train), front.Transform(others)))
        Console.WriteLine($"{name,-32} {epochs[^1].ValidationAccuracy,23:0.000} {clock.Elapsed.TotalSeconds,9:0.0}");
    double before = clock.Elapsed.TotalSeconds - epochs[^1].Elapsed.TotalSeconds; // reading, and for the head alone the output of all before it
    lines.Add(new LineSeries(name, [.. epochs.Select(epoch => (before + epoch.Elapsed.TotalSeconds, epoch.ValidationAccuracy ?? 0))]));
}

// emoji/train and emoji/test, each with a folder for each category. Every second picture is learned, so that both have all kinds.
void WriteFolders()
{
    using JsonDocument list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(package, "emoji.json")));
    var pictures = list.RootElement.EnumerateArray().Where(emoji => emoji.GetProperty("has_img_google").GetBoolean())
        .OrderBy(emoji => emoji.GetProperty("sort_order").GetInt32()).ToLookup(emoji => emoji.GetProperty("category").GetString()!, emoji => emoji.GetProperty("image").GetString()!);
    foreach (string category in categories)
    {
        string[] all = [.. pictures[category]];
        for (int i = 0; i < 2 * OfEach; i++)
        {
            string picture = all[i * all.Length / (2 * OfEach)], folder = Path.Combine("emoji", i % 2 == 0 ? "train" : "test", category);
            Directory.CreateDirectory(folder);
            File.Copy(Path.Combine(package, "img", "google", "64", picture), Path.Combine(folder, picture), overwrite: true);
        }
    }
}
