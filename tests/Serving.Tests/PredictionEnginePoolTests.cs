using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ML;
using Microsoft.ML;

namespace CnnTrainers.Serving.Tests;

public sealed class PredictionEnginePoolTests
{
    [Fact]
    public void APoolPredictsLikeAnEngine()
    {
        using var service = new Service(SmallModels.First.File);
        Assert.Same(service.Pool, service.Pool);
        Assert.Equal(SmallModels.First.Scores, SmallModels.Pictures.Select(picture => service.Pool.Predict(picture).Score));
    }

    [Fact]
    public void ModelsHaveNames()
    {
        string second = Path.GetTempFileName();
        File.WriteAllBytes(second, SmallModels.Second.File);
        using var service = new Service(SmallModels.First.File, (pool, path) => pool.FromFile("one", path).FromFile("two", second, watchForChanges: false));
        Assert.Equal(SmallModels.First.Scores[0], service.Pool.Predict("one", SmallModels.Pictures[0]).Score);
        Assert.Equal(SmallModels.Second.Scores[0], service.Pool.Predict("two", SmallModels.Pictures[0]).Score);
        Assert.NotSame(service.Pool.GetModel("one"), service.Pool.GetModel("two"));
        var error = Assert.Throws<ArgumentException>(() => service.Pool.GetPredictionEngine());
        Assert.Equal("You need to configure a default, not named, model before you use this method.", error.Message);
        File.Delete(second);
    }

    [Fact]
    public void AnEngineThatWasReturnedIsHandedOutAgain()
    {
        using var service = new Service(SmallModels.First.File);
        var engine = service.Pool.GetPredictionEngine();
        Assert.NotSame(engine, service.Pool.GetPredictionEngine());
        service.Pool.ReturnPredictionEngine(engine);
        Assert.Same(engine, service.Pool.GetPredictionEngine());
        Assert.Throws<ArgumentNullException>(() => service.Pool.ReturnPredictionEngine(null!));
    }

    [Fact]
    public void DisposingOneEngineBreaksNoOther()
    {
        using var service = new Service(SmallModels.First.File);
        var other = service.Pool.GetPredictionEngine();
        service.Pool.GetPredictionEngine().Dispose();
        Assert.Equal(SmallModels.First.Scores[1], other.Predict(SmallModels.Pictures[1]).Score);
        Assert.Equal(SmallModels.First.Scores[2], service.Score(2));
    }

    [Fact]
    public void AMissingFileIsAnErrorWhenThePoolIsMade()
    {
        using var service = new Service([], (pool, path) => pool.FromFile(path + ".absent"));
        Assert.Equal($"The provided model file {service.ModelPath}.absent doesn't exist.", Assert.Throws<ArgumentException>(() => service.Pool).Message);
    }

    [Fact]
    public void TheContextCanBeConfiguredAndItsMessagesReachTheLog()
    {
        var context = new MLContext(seed: 5);
        var services = new ServiceCollection();
        var log = new ServiceLog();
        services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace));
        services.AddOptions<MLOptions>().Configure(options => options.MLContext = context);
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, SmallModels.First.File);
        services.AddPredictionEnginePool<Picture, Answer>().FromFile(file, watchForChanges: false);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<PredictionEnginePool<Picture, Answer>>();
        var options = new CnnTrainerOptions { FeatureColumnName = "Pixels", Epochs = 1, BatchSize = 8, Seed = 1 };
        var data = context.Data.LoadFromEnumerable(SmallModels.Pictures);
        using var model = context.Transforms.Conversion.MapValueToKey("Label")
            .Append(context.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, options)).Fit(data);
        Assert.True(log.Count(LogLevel.Trace) > 0);
        File.Delete(file);
    }
}
