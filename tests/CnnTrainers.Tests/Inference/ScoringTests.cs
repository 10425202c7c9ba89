using CnnTrainers.Inference;
using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Inference;

public class ScoringTests
{
    private readonly MLContext _ml = Toy.Trained.Ml;
    private readonly CnnTransformer _cnn = Toy.CnnOf(Toy.Trained.Model);

    // Batches of other sizes may take other kernels, whose sums differ in the last bits.
    private const float Tolerance = 1e-5f;

    [Fact]
    public void Both_outputs_of_all_rows_of_a_batch_take_one_run()
    {
        using var cnn = Fresh();
        var ahead = ScoringCursor.RowsAhead(cnn.ImageShape);
        var view = cnn.Transform(Toy.Rows(_ml, 2 * ahead + 1));

        var rows = _ml.Data.CreateEnumerable<Both>(view, false).ToList();

        Assert.Equal(2 * ahead + 1, rows.Count);
        Assert.Equal(3, cnn.Scorer.Runs);
        Assert.All(rows, row => Assert.Equal((uint)Array.IndexOf(row.Score, row.Score.Max()) + 1, row.PredictedLabel));
    }

    [Fact]
    public void Rows_that_nobody_asks_the_outputs_of_take_no_run()
    {
        using var cnn = Fresh();
        var view = cnn.Transform(Toy.Rows(_ml, 40));

        Assert.Equal(40, view.GetColumn<string>("ImagePath").Count());
        Assert.Equal(0, cnn.Scorer.Runs);
    }

    [Fact]
    public void Values_passed_on_stay_with_their_rows()
    {
        var rows = Toy.Make(70);
        var expected = Toy.Scores(_cnn, _ml.Data.LoadFromEnumerable(rows)).Chunk(3).ToList();

        var scored = _ml.Data.CreateEnumerable<Passed>(_cnn.Transform(_ml.Data.LoadFromEnumerable(rows)), false).ToList();

        Assert.Equal(rows.Select(row => row.ImagePath), scored.Select(row => row.ImagePath));
        Assert.Equal(rows.Select(row => row.Flat), scored.Select(row => row.Flat));
        Assert.Equal(rows.Select(row => row.Number), scored.Select(row => row.Number));
        Assert.Equal(expected, scored.Select(row => row.Score));
    }

    [Fact]
    public void Images_are_passed_on_with_their_rows()
    {
        var rows = Toy.Make(40);
        var view = _cnn.Transform(_ml.Data.LoadFromEnumerable(rows));
        using var cursor = view.GetRowCursor([view.Schema["Image"], view.Schema["Score"]]);
        var getter = cursor.GetGetter<MLImage>(view.Schema["Image"]);
        MLImage image = null!;

        foreach (var row in rows)
        {
            Assert.True(cursor.MoveNext());
            getter(ref image);
            Assert.True(image.Pixels.SequenceEqual(row.Image!.Pixels));
        }
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void Cursors_keep_positions_and_ids_of_their_rows()
    {
        var source = Toy.Rows(_ml, 40);
        var view = _cnn.Transform(source);

        Assert.Equal(Ids(source, source.Schema["Label"]), Ids(view, view.Schema["Score"]));
    }

    [Fact]
    public void Cursor_sets_caches_and_shuffles_give_the_same_scores()
    {
        var source = _ml.Data.Cache(Toy.Rows(_ml, 100));
        var expected = ScoresByFile(_cnn.Transform(source));
        var view = _cnn.Transform(source);

        var set = view.GetRowCursorSet([view.Schema["ImagePath"], view.Schema["Score"]], 4);
        AssertClose(expected, set.AsParallel().SelectMany(ReadAll).ToDictionary());
        AssertClose(expected, ScoresByFile(_ml.Data.Cache(view)));
        AssertClose(expected, ScoresByFile(_cnn.Transform(_ml.Data.ShuffleRows(source, seed: 3))));
        AssertClose(expected, ScoresByFile(_ml.Data.ShuffleRows(view, seed: 3)));
    }

    [Fact]
    public void Many_threads_get_the_scores_that_one_gets()
    {
        var data = Toy.Rows(_ml, 100);
        var expected = Toy.Scores(_cnn, data);

        var all = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ => Toy.Scores(_cnn, Toy.Rows(_ml, 100))).ToList();

        Assert.All(all, scores => Assert.Equal(expected, scores));
    }

    [Fact]
    public void A_column_that_is_not_active_has_no_getter()
    {
        var view = _cnn.Transform(Toy.Rows(_ml, 1));
        using var cursor = view.GetRowCursor([view.Schema["Score"]]);

        Assert.False(cursor.IsColumnActive(view.Schema["PredictedLabel"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<uint>(view.Schema["PredictedLabel"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Score"]));
    }

    private CnnTransformer Fresh() =>
        _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { Epochs = 1 }).Fit(Toy.WithKeys(_ml, Toy.Rows(_ml, 30)));

    private static List<(long, DataViewRowId)> Ids(IDataView view, DataViewSchema.Column active)
    {
        using var cursor = view.GetRowCursor([active]);
        var getter = cursor.GetIdGetter();
        List<(long, DataViewRowId)> ids = [];
        while (cursor.MoveNext())
        {
            var id = default(DataViewRowId);
            getter(ref id);
            ids.Add((cursor.Position, id));
        }
        return ids;
    }

    private static Dictionary<string, float[]> ScoresByFile(IDataView view)
    {
        using var cursor = view.GetRowCursor([view.Schema["ImagePath"], view.Schema["Score"]]);
        return ReadAll(cursor).ToDictionary();
    }

    private static List<KeyValuePair<string, float[]>> ReadAll(DataViewRowCursor cursor)
    {
        var file = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["ImagePath"]);
        var score = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Score"]);
        var (name, scores) = (default(ReadOnlyMemory<char>), default(VBuffer<float>));
        List<KeyValuePair<string, float[]>> all = [];
        while (cursor.MoveNext())
        {
            file(ref name);
            score(ref scores);
            all.Add(new(name.ToString(), [.. scores.DenseValues()]));
        }
        return all;
    }

    private static void AssertClose(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, row => Assert.All(row.Value.Zip(actual[row.Key]), pair => Assert.Equal(pair.First, pair.Second, Tolerance)));
    }

    private sealed class Both
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }
    }

    private sealed class Passed
    {
        public string ImagePath { get; set; } = "";

        public float[] Flat { get; set; } = [];

        public float Number { get; set; }

        public float[] Score { get; set; } = [];
    }
}
