using Microsoft.ML;

namespace CnnTrainers.Cuda.Tests;

public class ScoringTests
{
    [Fact]
    public void AModelTrainedOnACardScoresAnywhereAlike()
    {
        var ml = new MLContext(1);
        var rows = Small.Rows(ml, 40);
        var options = new CnnTrainerOptions { Device = CnnDevice.Cuda(), Epochs = 3, BatchSize = 8, FeaturesColumnName = "Embedding", TestTimeAugmentation = TestTimeAugmentation.Get("flip") };
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get("resnet18"), options)).Fit(rows);
        Assert.Equal(CnnDevice.Cuda(), model.LastTransformer.Device);
        using var file = new MemoryStream();
        ml.Model.Save(model, rows.Schema, file);
        var loaded = ml.Model.Load(file, out _);
        using var owned = (IDisposable)loaded;
        var network = ((IEnumerable<ITransformer>)loaded).OfType<CnnTransformer>().Single();
        foreach (var column in (string[])["Score", "Embedding"])
        {
            network.Device = CnnDevice.Cpu;
            var here = Small.Scores(loaded, rows, column);
            Small.AssertAlike(here, Small.Scores(model, rows, column), 5e-3); // TF32
            network.Device = CnnDevice.Auto; // the card
            Small.AssertAlike(here, Small.Scores(loaded, rows, column), 5e-3);
            network.Precision = CnnPrecision.BFloat16;
            Small.AssertAlike(here, Small.Scores(loaded, rows, column), 0.05);
            network.Precision = CnnPrecision.Float32;
        }
        var maps = GradCam.Explain(model, rows).Take(4).ToList();
        network.Device = CnnDevice.Cpu;
        Assert.All(maps.Zip(GradCam.Explain(loaded, rows)), pair => Assert.Equal(pair.Second.PredictedClass, pair.First.PredictedClass));
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(rows));
        Assert.True(metrics.MicroAccuracy > 0.9, $"{metrics.MicroAccuracy}");
    }

    [Fact]
    public void TheContextsCardIsTaken()
    {
        var ml = new MLContext(1) { GpuDeviceId = 0, FallbackToCpu = false };
        var lines = new List<string>();
        ml.Log += (_, e) => lines.Add(e.Message);
        var rows = Small.Rows(ml, 16);
        var trainer = ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get("lenet5"), new() { Epochs = 1, BatchSize = 8 });
        ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Fit(rows).Dispose();
        Assert.Contains(lines, line => line.Contains("Computing on cuda:0"));
        ml.GpuDeviceId = 99;
        var fault = Assert.Throws<InvalidOperationException>(() => ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Fit(rows));
        Assert.Contains("there is no such card", fault.Message);
    }

    [Fact]
    public void ARateIsFound()
    {
        var ml = new MLContext(1);
        var rows = Small.Rows(ml, 40);
        var labelled = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        var curve = ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get("lenet5"), new() { Device = CnnDevice.Cuda(), BatchSize = 8 }).FindLearningRate(labelled);
        Assert.InRange(curve.Suggestion, 1e-6, 10);
    }

    [Fact]
    public void ManyThreadsScoreAtOnce()
    {
        var ml = new MLContext(1);
        var rows = Small.Rows(ml, 40);
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(
            ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get("resnet18"), new() { Device = CnnDevice.Cuda(), Epochs = 1, BatchSize = 8 })).Fit(rows);
        var expected = Small.Scores(model, rows);
        Parallel.For(0, 16, _ => Small.AssertNear(expected, Small.Scores(model, rows), 1e-2));
    }
}
