using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Estimators;

public class TrainingPreviewTests
{
    private static readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void In_epoch_0_the_images_are_those_that_came()
    {
        var rows = Toy.Make(9);
        var images = Preview(Toy.Options, epoch: 0);
        Assert.Equal(rows.Select(row => row.Label), images.Select(image => image.Classes.Single().Class));
        Assert.All(rows.Zip(images), pair => Assert.Equal(pair.First.Pixels, pair.Second.Pixels.ToArray(), (a, b) => Math.Abs(a - b) < 1e-2));
    }

    [Fact]
    public void A_mirrored_image_is_the_mirror_of_one_that_came()
    {
        var rows = Toy.Make(9);
        var images = Preview(Toy.Options with { RandomHorizontalFlip = true });
        Assert.Contains(images, image => rows.Exists(row => Same(row.Pixels, image)));
        Assert.Contains(images, image => rows.Exists(row => Same(Mirror(row.Pixels), image)));
    }

    [Fact]
    public void Mixed_images_have_two_classes_whose_shares_sum_to_1()
    {
        var images = Preview(Toy.Options with { MixupAlpha = 1 });
        Assert.Contains(images, image => image.Classes.Count == 2);
        Assert.All(images, image => Assert.Equal(1, image.Classes.Sum(one => one.Share), 4));
        Assert.All(images, image => Assert.True(image.Classes[0].Share >= image.Classes[^1].Share));
    }

    [Fact]
    public void Every_epoch_has_other_changes_and_the_same_epoch_the_same()
    {
        var options = Toy.Options with { RandomResizedCrop = new() };
        Assert.Equal(Values(Preview(options)), Values(Preview(options)));
        Assert.NotEqual(Values(Preview(options)), Values(Preview(options, epoch: 2)));
    }

    [Fact]
    public void An_image_is_drawn_with_its_own_colours()
    {
        var image = Preview(Toy.Options, epoch: 0)[0];
        using var drawn = image.Draw(1);
        Assert.Equal((Toy.Size, Toy.Size), (drawn.Width, drawn.Height));
        Assert.Equal(Math.Round(image.Pixels.Span[0]), drawn.Pixels[0]);
    }

    [Fact]
    public void The_rows_set_apart_are_those_that_the_fit_measured_itself_on()
    {
        var data = Toy.WithKeys(_ml, Toy.Rows(_ml, 60));
        using var model = _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { ValidationFraction = 0.25 }).Fit(data);
        var rows = model.Summary.ValidationRows();
        uint[] labels = [.. data.GetColumn<uint>("Label")];
        var scores = model.Transform(data).GetColumn<float[]>("Score").ToArray();
        Assert.Equal((15, 15), (rows.Count, rows.Distinct().Count()));
        var accuracy = rows.Average(row => Array.IndexOf(scores[row], scores[row].Max()) + 1 == labels[row] ? 1.0 : 0);
        Assert.Equal(model.Summary.History[model.Summary.BestEpoch - 1].ValidationAccuracy!.Value, accuracy, 6);
    }

    private static IReadOnlyList<TrainingImage> Preview(CnnTrainerOptions options, int epoch = 1) =>
        _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, options).Preview(Toy.WithKeys(_ml, Toy.Rows(_ml, 9)), epoch);

    private static float[] Values(IEnumerable<TrainingImage> images) => [.. images.SelectMany(image => image.Pixels.ToArray())];

    private static bool Same(float[] pixels, TrainingImage image) => pixels.Zip(image.Pixels.ToArray()).All(pair => Math.Abs(pair.First - pair.Second) < 1e-2);

    private static float[] Mirror(float[] pixels) => [.. pixels.Chunk(Toy.Size).SelectMany(row => row.Reverse())];
}
