using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ML;
using Microsoft.ML;

namespace CnnTrainers.Serving.Tests.Compat;

public sealed class ReloadTests
{
    private static void WaitForSecond(Service service) =>
        Service.WaitUntil(() => service.Score(0).SequenceEqual(SmallModels.Second.Scores[0]), "the second model");

    [Fact]
    public void AReplacedFileIsUsedAndEnginesThatAreOutStayAsTheyWere()
    {
        using var service = new Service(SmallModels.First.File);
        var engine = service.Pool.GetPredictionEngine();
        service.ReplaceModel(SmallModels.Second.File);
        WaitForSecond(service);
        Assert.Equal(SmallModels.First.Scores[0], engine.Predict(SmallModels.Pictures[0]).Score);
        // The old engine is not handed out again.
        service.Pool.ReturnPredictionEngine(engine);
        Assert.All(Enumerable.Range(0, 16), i => Assert.Equal(SmallModels.Second.Scores[i], service.Score(i)));
    }

    [Fact]
    public void AFileThatIsWrittenInPlaceIsUsed()
    {
        using var service = new Service(SmallModels.First.File);
        Assert.Equal(SmallModels.First.Scores[0], service.Score(0));
        File.WriteAllBytes(service.ModelPath, SmallModels.Second.File);
        WaitForSecond(service);
    }

    [Fact]
    public void AHalfWrittenFileKeepsTheOldModelUntilTheRestIsThere()
    {
        using var service = new Service(SmallModels.First.File);
        Assert.Equal(SmallModels.First.Scores[0], service.Score(0));
        byte[] next = SmallModels.Second.File;
        using (var file = new FileStream(service.ModelPath, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Write(next, 0, next.Length / 2);
            file.Flush();
            Service.WaitUntil(() => service.Log.Has(LogLevel.Error, "Could not reload the model from"), "an error in the log");
            Assert.Equal(SmallModels.First.Scores[0], service.Score(0));
            file.Write(next, next.Length / 2, next.Length - next.Length / 2);
        }
        WaitForSecond(service);
    }

    [Fact]
    public void AModelThatWantsOtherColumnsIsNotUsed()
    {
        using var service = new Service(SmallModels.First.File);
        ITransformer before = service.Pool.GetModel();
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(new[] { new { Other = "text" } });
        var stream = new MemoryStream();
        ml.Model.Save(ml.Transforms.Conversion.MapValueToKey("Other").Fit(data), data.Schema, stream);
        service.ReplaceModel(stream.ToArray());
        Service.WaitUntil(() => service.Log.Has(LogLevel.Error, "The new model does not work with Picture and Answer"), "an error in the log");
        Assert.Same(before, service.Pool.GetModel());
        Assert.Equal(SmallModels.First.Scores[0], service.Score(0));
        service.ReplaceModel(SmallModels.Second.File);
        WaitForSecond(service);
    }

    [Fact]
    public void WithoutWatchingTheFirstModelStays()
    {
        using var watching = new Service(SmallModels.First.File);
        using var service = new Service(SmallModels.First.File, (pool, path) => pool.FromFile(path, watchForChanges: false));
        Assert.Equal(watching.Score(0), service.Score(0));
        service.ReplaceModel(SmallModels.Second.File);
        watching.ReplaceModel(SmallModels.Second.File);
        WaitForSecond(watching);
        Assert.Equal(SmallModels.First.Scores[0], service.Score(0));
    }

    [Fact]
    public void AServiceThatEndedWatchesNothing()
    {
        using var service = new Service(SmallModels.First.File);
        PredictionEnginePool<Picture, Answer> pool = service.Pool;
        service.Stop();
        using var watching = new Service(SmallModels.First.File);
        Assert.Equal(SmallModels.First.Scores[0], watching.Score(0));
        service.ReplaceModel(SmallModels.Second.File);
        watching.ReplaceModel(SmallModels.Second.File);
        WaitForSecond(watching);
        Assert.Equal(SmallModels.First.Scores[0], pool.Predict(SmallModels.Pictures[0]).Score);
    }

    [Fact]
    public void EightThreadsGetTheAnswersOfOneModelOrTheOtherWhileTheFileIsReplaced()
    {
        using var service = new Service(SmallModels.First.File);
        float[][][] known = [SmallModels.First.Scores, SmallModels.Second.Scores];
        var seen = new int[2];
        int wrong = 0;
        bool stop = false;
        var threads = Enumerable.Range(0, 8).Select(start => new Thread(() =>
        {
            for (int i = start; !Volatile.Read(ref stop); i = (i + 1) % 16)
            {
                float[] score = service.Score(i);
                int which = Array.FindIndex(known, scores => scores[i].SequenceEqual(score));
                Interlocked.Increment(ref which < 0 ? ref wrong : ref seen[which]);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        foreach (int which in new[] { 1, 0, 1 })
        {
            int before = Volatile.Read(ref seen[which]);
            service.ReplaceModel(which == 0 ? SmallModels.First.File : SmallModels.Second.File);
            Service.WaitUntil(() => Volatile.Read(ref seen[which]) > before + 50, "answers of the new model");
        }
        Volatile.Write(ref stop, true);
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, wrong);
        Assert.All(seen, count => Assert.True(count > 50));
        Assert.Equal(0, service.Log.Count(LogLevel.Error));
    }
}
