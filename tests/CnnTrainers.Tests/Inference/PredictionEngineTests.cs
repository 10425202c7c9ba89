using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Inference;

public class PredictionEngineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_prediction_runs_the_network_once_for_both_outputs()
    {
        using var model = Fit();
        var cnn = Toy.CnnOf(model);
        using var engine = Engine(model, owns: false);
        var rows = Toy.Make(6);

        var predictions = rows.ConvertAll(engine.Predict);

        Assert.Equal(6, cnn.Scorer.Runs);
        Assert.Equal(6, predictions.Select(row => row.Score).Distinct().Count());
        Assert.All(predictions, row => Assert.Equal(Toy.Classes[Array.IndexOf(row.Score, row.Score.Max())], row.PredictedLabel));
    }

    [Fact]
    public void An_engine_scores_as_a_transform_does()
    {
        var (ml, model) = Toy.Trained;
        using var engine = ml.Model.CreatePredictionEngine<Toy.Row, Toy.Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var rows = Toy.Make(9, seed: 4);

        var expected = Toy.Scores(model, ml.Data.LoadFromEnumerable(rows));

        Assert.All(rows.SelectMany(row => engine.Predict(row).Score).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Fact]
    public void The_end_of_an_engine_does_not_break_its_model()
    {
        using var model = Fit();
        var data = Toy.Rows(_ml, 40);
        var expected = Toy.Scores(model, data);
        var view = model.Transform(data);
        using var other = Engine(model, owns: false);
        var before = other.Predict(Toy.Make(1)[0]).Score;

        Engine(model, owns: true).Dispose();

        Assert.Equal(expected, view.GetColumnOf("Score"));
        Assert.Equal(expected, Toy.Scores(model, data));
        Assert.Equal(before, other.Predict(Toy.Make(1)[0]).Score);
    }

    [Fact]
    public void A_disposed_transformer_says_so()
    {
        var model = Fit();
        var data = Toy.Rows(_ml, 3);

        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Toy.CnnOf(model).Transform(data));
        Assert.Throws<ObjectDisposedException>(() => Toy.CnnOf(model).GetRowToRowMapper(data.Schema));
        Toy.CnnOf(model).Dispose();
    }

    [Fact]
    public void A_view_outlives_its_transformer()
    {
        var model = Fit();
        var view = model.Transform(Toy.Rows(_ml, 40));
        var expected = view.GetColumnOf("Score");

        model.Dispose();

        Assert.Equal(expected, view.GetColumnOf("Score"));
        GC.KeepAlive(view);
    }

    private TransformerChain<ITransformer> Fit()
    {
        var data = Toy.Rows(_ml, 30);
        var fitted = Toy.Pipeline(_ml, Toy.Options with { Epochs = 1 }).Fit(data);
        return new TransformerChain<ITransformer>([.. (IEnumerable<ITransformer>)fitted]);
    }

    private PredictionEngine<Toy.Row, Toy.Prediction> Engine(ITransformer model, bool owns) =>
        _ml.Model.CreatePredictionEngine<Toy.Row, Toy.Prediction>(model, new PredictionEngineOptions { OwnsTransformer = owns });
}

internal static class ColumnExtensions
{
    public static float[] GetColumnOf(this IDataView view, string column) => [.. view.GetColumn<float[]>(column).SelectMany(value => value)];
}
