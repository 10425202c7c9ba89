using System.Collections.Concurrent;
using TorchSharp;

namespace CnnTrainers.Serving.Tests;

/// <summary>The example's class, in this process.</summary>
public sealed class ServedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Log _log = new();
    private readonly ServedModel _service;

    public ServedModelTests()
    {
        File.WriteAllBytes(ModelPath, SmallModels.First.File);
        _service = new ServedModel(ModelPath, _log);
        _service.StartAsync(CancellationToken.None).Wait();
    }

    private string ModelPath => _folder.File("model.zip");

    public void Dispose()
    {
        _service.StopAsync(CancellationToken.None).Wait();
        _service.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void EightThreadsGetTheAnswersOfOneModelOrTheOtherWhileTheFileIsReplaced()
    {
        SmallModel[] models = [SmallModels.First, SmallModels.Second];
        var seen = new int[2];
        int wrong = 0;
        bool stop = false;
        var threads = Enumerable.Range(0, 8).Select(start => new Thread(() =>
        {
            for (int i = start; !Volatile.Read(ref stop); i = (i + 1) % 16)
            {
                float[] score = Score(i);
                int which = Array.FindIndex(models, model => model.Says(i, score));
                Interlocked.Increment(ref which < 0 ? ref wrong : ref seen[which]);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        foreach (int which in new[] { 1, 0, 1 })
        {
            int before = Volatile.Read(ref seen[which]);
            Replace(models[which]);
            Wait.Until(() => Volatile.Read(ref seen[which]) > before + 50, "answers of the new model");
        }
        Volatile.Write(ref stop, true);
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, wrong);
        Assert.Empty(_log.Errors);
    }

    [Fact]
    public void AModelInUseOutlivesItsFileAndIsFreedAfterIt()
    {
        long both = _service.Use(engine =>
        {
            Replace(SmallModels.Second);
            Wait.Until(() => SmallModels.Second.Says(0, Score(0)), "the second model");
            Assert.Equal(SmallModels.First.Scores[1], engine.Predict(SmallModels.Pictures[1]).Score);
            return LiveTensors();
        });
        Assert.Equal(both - 10, torch.Tensor.TotalCount);                               // LeNet: five layers of weight and bias
    }

    [Fact]
    public void PredictionsLeaveNoTensor()
    {
        Score(0);
        long before = LiveTensors();
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Score(i % 16));
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void AFileBehindALinkIsWatched()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Links need rights there.");
        File.Move(ModelPath, _folder.File("real.zip"));
        File.CreateSymbolicLink(ModelPath, _folder.File("real.zip"));
        File.WriteAllBytes(_folder.File("real.zip"), SmallModels.Second.File);
        Wait.Until(() => SmallModels.Second.Says(0, Score(0)), "the second model");
        File.WriteAllBytes(_folder.File("real.zip"), SmallModels.First.File);
        Wait.Until(() => SmallModels.First.Says(0, Score(0)), "the first model");
    }

    [Fact]
    public void AfterItsEndItLendsNothing()
    {
        _service.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Score(0));
    }

    private float[] Score(int picture) => _service.Use(engine => engine.Predict(SmallModels.Pictures[picture]).Score);

    // Without those that earlier tests left to the garbage collector.
    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    private void Replace(SmallModel model)
    {
        File.WriteAllBytes(_folder.File("next.tmp"), model.File);
        File.Move(_folder.File("next.tmp"), ModelPath, overwrite: true);
    }

    private sealed class Log : ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
                Errors.Enqueue(formatter(state, exception));
        }
    }
}
