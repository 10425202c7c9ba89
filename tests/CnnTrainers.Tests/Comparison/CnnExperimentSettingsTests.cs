namespace CnnTrainers.Tests.Comparison;

public class CnnExperimentSettingsTests
{
    [Fact]
    public void AllFaultsAreListedTogether()
    {
        var settings = new CnnExperimentSettings
        {
            MaxExperimentTimeInSeconds = 0, MaxModels = 0, Architectures = [], MaxEpochs = 0, Reduction = 1, Folder = "",
            SearchSpace = CnnSearchSpace.Grid(CnnSearchDimension.BatchSize(), CnnSearchDimension.LearningRateBetween(0.1, 1)),
            BaseOptions = new() { BatchSize = 1, CheckpointFolder = "x" },
        };
        var message = Assert.Throws<ArgumentException>(() => Trials.Ml.MulticlassClassification.CreateCnnExperiment(settings)).Message;
        Assert.All(
            (string[])["MaxExperimentTimeInSeconds", "MaxModels", "Architectures", "MaxEpochs", "Reduction", "Folder: expected", "SearchSpace: BatchSize", "SearchSpace: LearningRate",
                "BaseOptions: expected no CheckpointFolder", "BaseOptions.BatchSize"],
            fault => Assert.Contains($"\n- {fault}", message));
    }

    [Fact]
    public void TrialsAreSharedOutAndNotShared()
    {
        var settings = new CnnExperimentSettings { BaseOptions = new() { Distributed = CnnDistributed.Mpi } };
        var message = Assert.Throws<ArgumentException>(() => Trials.Ml.MulticlassClassification.CreateCnnExperiment(settings)).Message;
        Assert.Contains("BaseOptions: expected no Distributed", message);
    }

    [Fact]
    public void UnknownNamesAreListedTogether()
    {
        var message = Assert.Throws<ArgumentException>(() => CnnExperimentSettings.Named("resnet18", "resnet19", "lenet")).Message;
        Assert.Contains("'resnet19'", message);
        Assert.Contains("'lenet'", message);
        Assert.DoesNotContain("'resnet18'", message);
    }

    [Fact]
    public void AGridHasEveryCombination()
    {
        var space = CnnSearchSpace.Grid(CnnSearchDimension.LearningRate(0.1, 0.01), CnnSearchDimension.WeightDecay(0, 1e-4));
        var plans = space.Plans([Trials.Small, Trials.Other], new(), 1).ToList();
        Assert.Equal(8, plans.Count);
        Assert.Equal("LearningRate=0.1, WeightDecay=0", plans[0].Text);
        Assert.Equal((0.01, 1e-4), (plans[7].Options.LearningRate!.Value, plans[7].Options.WeightDecay));
    }

    [Fact]
    public void ARecipeLeavesEpochsAndBatchesAlone()
    {
        var space = CnnSearchSpace.Grid(CnnSearchDimension.Recipe(("best", CnnPreset.Best.Photographs)));
        var options = space.Plans([Trials.Small], new() { Epochs = 3, BatchSize = 7 }, 1).Single().Options;
        Assert.Equal((3, 7, true, 0.2), (options.Epochs, options.BatchSize, options.TrivialAugment, options.MixupAlpha));
    }

    [Fact]
    public void RandomValuesLieInTheirIntervals()
    {
        var plans = CnnSearchSpace.Random(50, CnnSearchDimension.LearningRateBetween(0.001, 0.1)).Plans([Trials.Small], new(), 1);
        Assert.All(plans, plan => Assert.InRange(plan.Options.LearningRate!.Value, 0.001, 0.1));
    }

    [Theory]
    [InlineData(28, 100, "lenet5")]
    [InlineData(224, 20000, "resnet50")]
    public void SensibleArchitecturesSuitTheImages(int size, int images, string expected)
    {
        var chosen = CnnTrainers.Comparison.SensibleArchitectures.For(new(3, size, size), images);
        Assert.Contains(chosen, architecture => architecture.Name == expected);
        Assert.All(chosen, architecture => Assert.True(architecture.MinimumSize <= size));
    }
}
