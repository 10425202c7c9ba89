// Which network suits these images? Four are trained at two learning rates within two minutes, the better ones longer; the best is saved.
//   dotnet run -c Release --project examples/06-Comparison -- flowers 120
// Without a folder, 2,000 images of Fashion-MNIST are written as PNG files and used (Debian: apt-get install dataset-fashion-mnist).
using CnnTrainers;
using CnnTrainers.Pipelines;
using Microsoft.ML;

string folder = args.Length > 0 ? args[0] : "fashion-mnist-images";
uint seconds = args.Length > 1 ? uint.Parse(args[1]) : 120;
if (args.Length == 0)
    IdxDataset.Read("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz", classNames: IdxDataset.FashionMnistClasses)
        .WritePng(folder, count: 2000);

var ml = new MLContext(seed: 1);
IDataView images = ml.Data.LoadFromEnumerable(ImageFolder.Read(folder));                // ImagePath, Label

CnnExperiment experiment = ml.MulticlassClassification.CreateCnnExperiment(new CnnExperimentSettings
{
    MaxExperimentTimeInSeconds = seconds,
    Architectures = [LeNetVariant.LeNet5, DenseNetVariant.DenseNetSmall, .. CnnExperimentSettings.Named("mobilenet_v2", "shufflenet_v2_x0_5")],
    SearchSpace = CnnSearchSpace.Grid(CnnSearchDimension.LearningRate(0.02, 0.1)),
    BaseOptions = CnnPreset.Fast.Photographs with { FeatureColumnName = "Pixels", Epochs = 9, ImageShape = new ImageShape(3, 32, 32) },
    ImageLoading = shape => ml.Transforms.LoadPixels("Pixels", shape.Height, shape.Width, folder),
    Seed = 1,
});
using CnnExperimentResult result = experiment.Execute(images, validationFraction: 0.2, progressHandler: new Epochs());

Console.WriteLine($"after {result.Elapsed.TotalSeconds:0} seconds:");
foreach (CnnRunDetail run in result.Ranking)
    Console.WriteLine($"{run.TrainerName,-20} {run.OptionsText,-20} accuracy {run.ValidationMetrics!.MicroAccuracy:0.000}  {run.EpochsTrained,2} epochs  "
        + $"{run.Costs!.Parameters / 1e6,5:0.00} M parameters  {run.Costs.MillisecondsPerImage:0.0} ms an image");
foreach (CnnRunDetail run in result.RunDetails.Where(run => run.Exception is not null))
    Console.WriteLine($"{run.TrainerName,-20} {run.OptionsText,-20} failed: {run.Exception!.Message}");

ml.Model.Save(result.BestRun.Model!, images.Schema, "best.zip");                        // takes rows as they came: ImagePath, Label
Console.WriteLine($"best.zip has {result.BestRun.TrainerName} {result.BestRun.OptionsText}");

internal sealed class Epochs : IProgress<CnnTrialProgress>
{
    private (int, int?) _last;

    public void Report(CnnTrialProgress trial)
    {
        if (trial.Epoch is { } epoch && _last != (trial.Number, epoch.Epoch))
            Console.WriteLine($"  {trial.TrainerName} {trial.OptionsText}: epoch {epoch.Epoch} of {epoch.Epochs}, accuracy {epoch.ValidationAccuracy:0.000}");
        _last = (trial.Number, trial.Epoch?.Epoch);
    }
}
