namespace CnnTrainers.Tests.Comparison;

public class ExperimentTimeTests
{
    // 600 images in batches of 16: 38 steps an epoch, each a tick or two of the clock.
    private static readonly CnnExperimentSettings Settings = Trials.Settings with { Architectures = Trials.Four, Reduction = 2, MaxEpochs = 1000 };

    [Fact]
    public void EpochsAreChosenSoThatTheBestTrialEndsInTime()
    {
        using var result = Trials.Run(Settings with { MaxExperimentTimeInSeconds = 40 }, time: new StepTime(), images: 600);
        Assert.InRange(result.Elapsed.TotalSeconds, 1, 40);
        var best = Assert.Single(result.RunDetails, run => run.State == CnnTrialState.Finished);
        Assert.InRange(best.Epochs, 5, 100);
    }

    [Fact]
    public void WithNextToNoTimeTheCheapestTrialIsTrainedAsFarAsItGets()
    {
        using var result = Trials.Run(
            Settings with { MaxExperimentTimeInSeconds = 4, BaseOptions = Settings.BaseOptions with { BatchSize = 2 } }, time: new StepTime(), images: 600);
        Assert.InRange(result.Elapsed.TotalSeconds, 0, 4);
        Assert.Equal(CnnTrialState.OutOfTime, result.BestRun.State);
        Assert.NotNull(result.BestRun.Model);
        Assert.Contains(result.RunDetails, run => run.State == CnnTrialState.Waiting);
    }

    [Fact]
    public void TheOneThatIsLeftUsesTheTimeThatIsLeft()
    {
        using var result = Trials.Run(Settings with { MaxExperimentTimeInSeconds = 60 }, time: new StepTime(), images: 600);
        Assert.InRange(result.Elapsed.TotalSeconds, 40, 60);
        var best = result.RunDetails.Single(run => run.State == CnnTrialState.Finished);
        Assert.Equal(best.Epochs, best.EpochsTrained);
        Assert.True(best.History[^1].LearningRate < 0.1 * best.History.Max(epoch => epoch.LearningRate));
    }

    [Fact]
    public void WhatIsLeftAfterTheBestGoesToThoseThatCanFinishInIt()
    {
        using var result = Trials.Run(Settings with { MaxEpochs = 27, Reduction = 3, MaxExperimentTimeInSeconds = 60 }, time: new StepTime(), images: 600);
        Assert.InRange(result.Elapsed.TotalSeconds, 40, 60);
        Assert.Equal([(true, 27, 27), (true, 27, 27), (false, 3, 27), (false, 3, 27)], result.RunDetails
            .Select(run => (run.IsFullyTrained, run.EpochsTrained, run.Epochs)).OrderDescending());
    }

    [Fact]
    public void WhereThatIsTooShortTheNextBestIsTrainedForFewerEpochsSoThatItsRateComesDown()
    {
        using var result = Trials.Run(Settings with { MaxEpochs = 27, Reduction = 3, MaxExperimentTimeInSeconds = 50 }, time: new StepTime(), images: 600);
        Assert.InRange(result.Elapsed.TotalSeconds, 40, 50);
        var next = result.RunDetails.Single(run => run.IsFullyTrained && run.Epochs < 27);
        Assert.InRange(next.EpochsTrained, 14, 26);
        Assert.Equal(next.Epochs, next.EpochsTrained);
        Assert.True(next.History[^1].LearningRate < 0.1 * next.History.Max(epoch => epoch.LearningRate));
    }

    [Fact]
    public void ThoseThatWereMeasuredOnABusyMachineAreMeasuredAgain()
    {
        using var result = Trials.Run(
            Settings with { MaxEpochs = 9, Reduction = 3, MaxExperimentTimeInSeconds = 100 }, time: new StepTime(slowLooks: 60), images: 600);
        Assert.InRange(result.Elapsed.TotalSeconds, 30, 100);
        Assert.All(result.RunDetails, run => Assert.True(run.IsFullyTrained));
    }

    [Fact]
    public void StepsOfManyBatchesAreNotTakenForBatches()
    {
        var trials = new Trials();
        var settings = Settings with { Architectures = [Trials.Small], MaxExperimentTimeInSeconds = 5, BaseOptions = Settings.BaseOptions with { AccumulationSteps = 8 } };
        Trials.Run(settings, trials, new StepTime(), images: 600).Dispose(); // 38 batches, 5 steps
        Assert.InRange(trials.Reports.First(report => report.Epochs > 0).Epochs, 30, 200);
    }

    [Fact]
    public void NoMoreTrialsAreTriedThanAllowed()
    {
        using var result = Trials.Run(Settings with { MaxEpochs = 2, MaxModels = 3 });
        Assert.Equal(3, result.RunDetails.Count);
    }
}
