using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Inference;

/// <summary>A model read from a file, scored by 8 threads at once.</summary>
public sealed class ThreadsTests : IDisposable
{
    private const int Threads = 8;

    // An engine scores one row at a time, a cursor many: other kernels, whose sums differ in the last bits.
    private const float Tolerance = 1e-6f;

    private readonly MLContext _ml = new();
    private readonly List<Toy.Row> _rows = Toy.Make(50, seed: 5);
    private readonly ITransformer _model;
    private readonly float[] _expected;

    public ThreadsTests()
    {
        using var file = new MemoryStream();
        Toy.Trained.Ml.Model.Save(Toy.Trained.Model, Toy.Rows(Toy.Trained.Ml, 1).Schema, file);
        file.Position = 0;
        _model = _ml.Model.Load(file, out _);
        _expected = Toy.Scores(_model, View());
    }

    public void Dispose() => ((IDisposable)_model).Dispose();

    [Fact]
    public void Cursors_and_engines_at_once_give_the_scores_of_one_thread()
    {
        var scores = AtOnce(thread => thread % 2 == 0 ? Toy.Scores(_model, View()) : ByEngine());

        Assert.All(scores.Where((_, thread) => thread % 2 == 0), cursor => Assert.Equal(_expected, cursor));
        Assert.All(scores.Where((_, thread) => thread % 2 == 1), engine => Assert.Equal(scores[1], engine));
        Assert.All(_expected.Zip(scores[1]), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void Threads_that_share_a_view_get_all_its_scores()
    {
        var view = _model.Transform(View());

        var scores = AtOnce(_ => view.GetColumnOf("Score"));

        Assert.All(scores, one => Assert.Equal(_expected, one));
    }

    [Fact]
    public void Engines_that_end_break_no_other()
    {
        var expected = ByEngine();

        // Every other engine owns the model and disposes it while the rest predict.
        var scores = AtOnce(thread => Enumerable.Range(0, 3).Select(_ => ByEngine(owns: thread % 2 == 0)).ToList());

        Assert.All(scores.SelectMany(one => one), one => Assert.Equal(expected, one));
        Assert.Equal(_expected, Toy.Scores(_model, View()));
    }

    private IDataView View() => _ml.Data.LoadFromEnumerable(_rows);

    private float[] ByEngine(bool owns = false)
    {
        using var engine = _ml.Model.CreatePredictionEngine<Toy.Row, Toy.Prediction>(_model, new PredictionEngineOptions { OwnsTransformer = owns });
        return [.. _rows.SelectMany(row => engine.Predict(row).Score)];
    }

    // Threads of their own, which start together.
    private static T[] AtOnce<T>(Func<int, T> work)
    {
        using var start = new Barrier(Threads);
        var tasks = Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            return work(thread);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        return Task.WhenAll(tasks).GetAwaiter().GetResult();
    }
}
