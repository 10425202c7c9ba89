using CnnTrainers.Inference;
using CnnTrainers.Persistence;
using CnnTrainers.Tests.Estimators;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Inference;

public class TestTimeAugmentationTests
{
    private readonly MLContext _ml = Toy.Trained.Ml;

    [Fact]
    public void ViewsAreShiftedByASixteenthAndMirrored()
    {
        var shape = new ImageShape(3, 32, 64);
        Assert.Equal([default], TestTimeAugmentation.None.Views(shape));
        Assert.Equal([default, new Placement(0, 0, true)], TestTimeAugmentation.Flip.Views(shape));
        Assert.Equal([default, new(-2, -4, false), new(-2, 4, false), new(2, -4, false), new(2, 4, false)], TestTimeAugmentation.Shift.Views(shape));
        Assert.Equal((10, 10), (TestTimeAugmentation.ShiftAndFlip.Views(shape).Count, TestTimeAugmentation.ShiftAndFlip.Views(shape).Distinct().Count()));
        Assert.Equal(new Placement(1, 1, false), TestTimeAugmentation.Shift.Views(new(1, 8, 8))[^1]);
    }

    [Fact]
    public void ScoresAreTheMeanOfTheViews()
    {
        using var cnn = With(TestTimeAugmentation.Flip);
        var rows = Toy.Make(6, seed: 5);
        var mirrored = Toy.Make(6, seed: 5);
        foreach (var row in mirrored)
            new Placement(0, 0, true).Copy<float>(row.Pixels.ToArray(), new(3, Toy.Size, Toy.Size), row.Pixels);
        var (one, other) = (Scores(Toy.CnnOf(Toy.Trained.Model), rows), Scores(Toy.CnnOf(Toy.Trained.Model), mirrored));
        var averaged = Scores(cnn, rows);
        Assert.All(averaged.Zip(one.Zip(other)), of => Assert.Equal((of.Second.First + of.Second.Second) / 2, of.First, 1e-5f));
        Assert.Equal(1, cnn.Scorer.Runs);
    }

    [Fact]
    public void TheKindIsPartOfTheModelFile()
    {
        using var cnn = With(TestTimeAugmentation.ShiftAndFlip);
        var text = ModelDocument.Write(cnn.Model);
        Assert.Same(TestTimeAugmentation.ShiftAndFlip, ModelDocument.Read(text).TestTimeAugmentation);
        Assert.Contains("\"version\": 2", System.Text.Encoding.UTF8.GetString(text));
        using var path = new MemoryStream();
        _ml.Model.Save(cnn, Toy.Rows(_ml, 1).Schema, path);
        var loaded = (CnnTransformer)new MLContext().Model.Load(path, out _);
        Assert.Equal(Scores(cnn, Toy.Make(5)), Scores(loaded, Toy.Make(5)));
    }

    [Fact]
    public void AModelWithoutItIsOfTheFirstVersionAndLoadsAsNone()
    {
        var text = ModelDocument.Write(Toy.CnnOf(Toy.Trained.Model).Model);
        Assert.Contains("\"version\": 1", System.Text.Encoding.UTF8.GetString(text));
        Assert.DoesNotContain("testTimeAugmentation", System.Text.Encoding.UTF8.GetString(text));
        Assert.Same(TestTimeAugmentation.None, ModelDocument.Read(text).TestTimeAugmentation);
    }

    [Fact]
    public void AFitTakesItFromItsOptions()
    {
        var model = Toy.Pipeline(_ml, Toy.Options with { Epochs = 1, TestTimeAugmentation = TestTimeAugmentation.Get("flip") }).Fit(Toy.Rows(_ml, 24));
        Assert.Same(TestTimeAugmentation.Flip, Toy.CnnOf(model).Model.TestTimeAugmentation);
    }

    private CnnTransformer With(TestTimeAugmentation kind)
    {
        var trained = Toy.CnnOf(Toy.Trained.Model);
        var model = trained.Model with { TestTimeAugmentation = kind };
        return new CnnTransformer(_ml, model, new SharedNetwork(model, trained.Network.Copy()));
    }

    private float[] Scores(CnnTransformer cnn, List<Toy.Row> rows) =>
        [.. cnn.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score").SelectMany(score => score)];
}
