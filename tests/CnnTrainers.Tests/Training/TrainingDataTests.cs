using CnnTrainers.Training;

namespace CnnTrainers.Tests.Training;

public class TrainingDataTests
{
    [Fact]
    public void AShareIsKeptApartBySeed()
    {
        using var images = Toy.Images(20);
        var options = Toy.Options with { ValidationFraction = 0.25 };
        var (training, held) = TrainingData.Split(images, null, options, 1);
        Assert.Equal((15, 5), (training.Indices.Length, held!.Indices.Length));
        Assert.Equal(Enumerable.Range(0, 20), training.Indices.Concat(held.Indices).Order());
        Assert.Equal(held.Indices, TrainingData.Split(images, null, options, 1).Validation!.Indices);
        Assert.NotEqual(held.Indices.Order(), TrainingData.Split(images, null, options, 2).Validation!.Indices.Order());
    }

    [Fact]
    public void ARareClassOfImagesSortedByClassIsInBothParts()
    {
        using var images = Toy.Sorted(30, 2);
        for (var seed = 0; seed < 10; seed++)
        {
            var (training, held) = TrainingData.Split(images, null, Toy.Options with { ValidationFraction = 0.5 }, seed);
            Assert.Equal((15, 1), (held!.Indices.Count(index => index < 30), held.Indices.Count(index => index >= 30)));
            Assert.Equal(16, training.Indices.Length);
        }
    }

    [Fact]
    public void WhereEveryClassHasOneImageNoneIsHeldOutAndTheLogSaysSo()
    {
        using var images = Toy.Sorted(1, 1);
        var log = new List<string>();
        var result = Toy.Fit(images, Toy.Options with { ValidationFraction = 0.5 }, log: log.Add);
        result.Network.Dispose();
        Assert.Equal((2, 0), (result.Summary.Images, result.Summary.ValidationImages));
        Assert.Empty(result.Summary.ValidationRows());
        Assert.Contains(log, line => line.StartsWith("No class has a second image"));
        var error = Assert.Throws<ArgumentException>(() => Toy.Fit(images, Toy.Options with { ValidationFraction = 0.5, EarlyStoppingPatience = 1 }));
        Assert.Contains("no class has a second image to set apart", error.Message);
    }

    [Fact]
    public void ClassesOfFewImagesAreNamedTheRarestFirstAndManyCounted()
    {
        using var images = Toy.Sorted(4, 5, 1, 0);
        Assert.StartsWith("Fewer than 5 images of 'c' (1), 'a' (4): ", TrainingData.FewImages(images, ["a", "b", "c", "d"]));
        using var enough = Toy.Sorted(5, 5);
        Assert.Null(TrainingData.FewImages(enough, ["a", "b"]));
        using var many = Toy.Sorted([.. Enumerable.Repeat(2, 9)]);
        Assert.Contains("'e' (2) and 4 more classes: ", TrainingData.FewImages(many, [.. "abcdefghi".Select(name => $"{name}")]));
    }

    [Fact]
    public void AGivenValidationSetGoesBeforeTheShare()
    {
        using var images = Toy.Images(20);
        using var others = Toy.Images(6);
        var (training, held) = TrainingData.Split(images, others, Toy.Options with { ValidationFraction = 0.5 }, 1);
        Assert.Equal((20, 6), (training.Indices.Length, held!.Indices.Length));
    }

    [Fact]
    public void ALabelOutsideTheClassesIsAnErrorThatNamesTheImage()
    {
        using var images = Toy.Images(4);
        images.Add(new byte[256], 7);
        var error = Assert.Throws<ArgumentException>(() => Toy.Fit(images, Toy.Options));
        Assert.Contains("Image 4 has the label 7; expected 0 to 1", error.Message);
    }

    [Fact]
    public void ValidationImagesOfAnotherShapeAreAnError()
    {
        using var images = Toy.Images(4);
        using var others = new PixelStore(new(3, 8, 8), 0);
        others.Add(new byte[192], 0);
        Assert.Contains("3x8x8; expected 1x16x16", Assert.Throws<ArgumentException>(() => Toy.Fit(images, Toy.Options, validation: others)).Message);
    }

    [Fact]
    public void ThePhysicalCoresAreAtMostTheLogicalOnes()
    {
        Assert.InRange(Machine.PhysicalCores, 1, Environment.ProcessorCount);
        Assert.True(Machine.DefaultMemoryBudget() > 1 << 20);
    }

    [Fact]
    public void ASummaryGoesThroughJsonAndBack()
    {
        var epoch = new EpochMetrics(1, 2, 0.5, 0.25, null, 1, 0.1, 10, TimeSpan.FromSeconds(3));
        var summary = new TrainingSummary("resnet18", 10, 2, 7, 1, false, 3.5, [epoch, epoch with { Epoch = 2, ImagesPerSecond = 30 }]);
        var read = System.Text.Json.JsonSerializer.Deserialize<TrainingSummary>(System.Text.Json.JsonSerializer.Serialize(summary))!;
        Assert.Equal(summary.History, read.History);
        Assert.Equal(summary with { History = [] }, read with { History = summary.History } with { History = [] }, (a, b) => a!.ToString() == b!.ToString());
        Assert.Equal(15, read.ImagesPerSecond, 1e-9);
    }

    [Fact]
    public void TheRowsHeldOutGoThroughJsonAndThoseOfAnOlderFileAreAsTheyWere()
    {
        var summary = new TrainingSummary("resnet18", 8, 2, 7, 1, false, 3.5, []);
        var json = System.Text.Json.JsonSerializer.Serialize(summary with { Held = TrainingSummary.BitsOf([3, 9], 10) });
        Assert.Equal([3, 9], System.Text.Json.JsonSerializer.Deserialize<TrainingSummary>(json)!.ValidationRows());
        Assert.DoesNotContain("Held", System.Text.Json.JsonSerializer.Serialize(summary));
        Assert.Equal(new SplitMix(7).Permutation(10)[..2].Order(), summary.ValidationRows());
    }
}
