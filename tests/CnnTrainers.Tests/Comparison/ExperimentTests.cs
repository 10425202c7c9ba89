using Microsoft.ML;
using Microsoft.ML.Data;
using Toy = CnnTrainers.Tests.Estimators.Toy;

namespace CnnTrainers.Tests.Comparison;

public class ExperimentTests
{
    [Fact]
    public void TheBestRunsModelReachesWhatItsRowSays()
    {
        var ml = Trials.Ml;
        using var result = Trials.Run(Trials.Settings with { Architectures = [Trials.Small, LeNetVariant.LeNet5], IncludeBaseline = true });
        var metrics = ml.MulticlassClassification.Evaluate(result.BestRun.Model!.Transform(Toy.Rows(ml, 30, seed: 2)));
        Assert.Equal(result.BestRun.ValidationMetrics!.MicroAccuracy, metrics.MicroAccuracy);
        Assert.Equal(result.BestRun.ValidationMetrics.LogLoss, metrics.LogLoss, 1e-6);
        Assert.Equal(["small", "lenet5", "LbfgsMaximumEntropy"], result.RunDetails.Select(run => run.TrainerName));
    }

    [Fact]
    public void EveryRowsModelTakesTheTrainingDataAndGivesTheClassAsText()
    {
        var ml = Trials.Ml;
        using var result = Trials.Run(Trials.Settings with { IncludeBaseline = true });
        Assert.All(result.RunDetails, run =>
        {
            var predicted = run.Model!.Transform(Toy.Rows(ml, 3)).GetColumn<string>("PredictedLabel").ToList();
            Assert.All(predicted, label => Assert.Contains(label, Toy.Classes));
        });
    }

    [Fact]
    public void TheBetterPartGoesOnAndNoEpochIsTrainedTwice()
    {
        var trials = new Trials();
        using var result = Trials.Run(Trials.Settings with { Architectures = Trials.Four, Reduction = 2, MaxEpochs = 8 }, trials);
        Assert.Equal([2, 2, 2, 2, 4, 4, 8], trials.Starts.Select(start => start.NextStop).Take(7));
        Assert.Equal([1, 2, 3, 4], trials.Starts.Select(start => start.Number).Take(4).Order());
        Assert.Contains(trials.Starts[6].Number, trials.Starts.Skip(4).Take(2).Select(start => start.Number));
        Assert.All(result.RunDetails, run => Assert.Equal(Enumerable.Range(1, run.EpochsTrained), trials.EpochsOf(run.Number)));
    }

    [Fact]
    public void WithTimeEnoughEveryTrialHasItsWholeTraining()
    {
        using var result = Trials.Run(Trials.Settings with { Architectures = Trials.Four, Reduction = 2, MaxEpochs = 8, IncludeBaseline = true });
        Assert.All(result.RunDetails, run => Assert.True(run.IsFullyTrained));
        Assert.All(result.RunDetails.SkipLast(1), run => Assert.Equal((8, 8), (run.EpochsTrained, run.Epochs)));
    }

    [Fact]
    public void RungsThatEndWithTheSameEpochAreOne()
    {
        var trials = new Trials();
        using var result = Trials.Run(Trials.Settings with { Architectures = Trials.Four, Reduction = 2, MaxEpochs = 5, SearchSpace = FewEpochs }, trials);
        Assert.All(result.RunDetails, run => Assert.Equal(Enumerable.Range(1, run.EpochsTrained), trials.EpochsOf(run.Number)));
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2], trials.Starts.Select(start => start.NextStop));
    }

    private static CnnSearchSpace FewEpochs => CnnSearchSpace.Grid(CnnSearchDimension.Of("Epochs", ("2", options => options with { Epochs = 2 })));

    [Fact]
    public void ATrialTrainedInRungsIsOneTrainedAtOnce()
    {
        // 108 steps and norms: more than in a short fit, whose norms are settled at every epoch.
        var settings = Trials.Settings with { Reduction = 2, MaxEpochs = 36 };
        using var rungs = Trials.Run(settings with { Architectures = [Trials.Normed, Trials.Normed with { Name = "twin" }, Trials.Other] });
        var finished = rungs.BestRun;
        using var whole = Trials.Run(settings with { Architectures = [finished.Architecture!] });
        Assert.Equal(whole.BestRun.History.Select(epoch => epoch.ValidationLoss), finished.History.Select(epoch => epoch.ValidationLoss));
        Assert.Equal(whole.BestRun.ValidationMetrics!.LogLoss, finished.ValidationMetrics!.LogLoss);
    }

    [Fact]
    public void ATrialThatIsComparedEarlyIsComparedWithSettledNorms()
    {
        // After 9 of 108 steps the averages of the norms still have much of what they began with.
        var trials = new Trials();
        Trials.Run(Trials.Settings with
        {
            Reduction = 12, MaxEpochs = 36, OptimizingMetric = CnnExperimentMetric.LogLoss, Architectures = [Trials.Normed, Trials.Normed with { Name = "twin" }],
        }, trials).Dispose();
        var paused = trials.Reports.First(report => report.State == CnnTrialState.Paused);
        Assert.Equal(3, paused.EpochsDone);
        var epochs = trials.Reports.TakeWhile(report => report != paused).Where(report => report.Number == paused.Number && report.Epoch is not null);
        Assert.True(paused.ValidationMetrics!.LogLoss < epochs.Min(report => report.Epoch!.ValidationLoss) - 1e-3);
    }

    [Fact]
    public void TheSameSeedGivesTheSameResult()
    {
        var settings = Trials.Settings with
        {
            Reduction = 2, SearchSpace = CnnSearchSpace.Random(4, CnnSearchDimension.LearningRateBetween(0.001, 0.1), CnnSearchDimension.BatchSize(8, 16)),
        };
        var (one, other) = (new Trials(), new Trials());
        using var first = Trials.Run(settings, one);
        using var second = Trials.Run(settings, other);
        Assert.Equal(first.RunDetails.Select(Describe), second.RunDetails.Select(Describe));
        Assert.Equal(one.Starts, other.Starts);
        Assert.Equal(4, first.RunDetails.DistinctBy(run => run.OptionsText).Count());

        static string Describe(CnnRunDetail run) => $"{run.TrainerName} {run.OptionsText} {run.State} {run.EpochsTrained} {run.ValidationMetrics?.LogLoss}";
    }

    [Fact]
    public void ATrialThatFailsIsARow()
    {
        using var result = Trials.Run(Trials.Settings with
        {
            SearchSpace = CnnSearchSpace.Given(new CnnTrial(Trials.Broken), new CnnTrial(Trials.Small),
                new CnnTrial(Trials.Small, "batches of one", options => options with { BatchSize = 1 }),
                new CnnTrial(Trials.Small, "diverges", options => options with { LearningRate = 1e30 })),
        });
        Assert.Equal("small", result.BestRun.TrainerName);
        Assert.Equal([CnnTrialState.Failed, CnnTrialState.Finished, CnnTrialState.Failed, CnnTrialState.Failed], result.RunDetails.Select(run => run.State));
        Assert.Contains("no such network", result.RunDetails[0].Exception!.Message);
        Assert.Contains("BatchSize: expected at least 2, got 1", result.RunDetails[2].Exception!.Message);
        Assert.IsType<CnnTrainingException>(result.RunDetails[3].Exception);
        Assert.Null(result.RunDetails[0].Model);
    }

    [Fact]
    public void WhereEveryTrialFailsTheErrorSaysWhy()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Trials.Run(Trials.Settings with { Architectures = [Trials.Broken], IncludeBaseline = true }).Dispose());
        Assert.Contains("broken: The network 'broken' cannot be made for images of ", fault.Message);
        Assert.Contains(": no such network", fault.Message);
    }

    [Fact]
    public void ANetworkOfOnesOwnIsCheckedBeforeItsFirstStep()
    {
        var wide = new CustomArchitecture("wide", (shape, classes) => Trials.MakeSmall(shape, classes + 1));
        using var result = Trials.Run(Trials.Settings with { Architectures = [wide, Trials.Small] });
        Assert.Matches("^The network 'wide' gives 2×4 numbers for 2 images of .*, expected 2×3: a logit for each class", result.RunDetails[0].Exception!.Message);
    }

    [Fact]
    public void ImagesThatAreTooSmallAreEnlargedAndTheRowSaysSo()
    {
        using var result = Trials.Run(Trials.Settings with { Architectures = [Trials.Small, Trials.Large] });
        Assert.Equal([false, true], result.RunDetails.Select(run => run.IsEnlarged));
        Assert.Equal(new ImageShape(3, 24, 24), result.RunDetails[1].ImageShape);
        var ml = Trials.Ml;
        var metrics = ml.MulticlassClassification.Evaluate(result.RunDetails[1].Model!.Transform(Toy.Rows(ml, 30, seed: 2)));
        Assert.Equal(result.RunDetails[1].ValidationMetrics!.MicroAccuracy, metrics.MicroAccuracy);
    }

    [Fact]
    public void ImageColumnsAreResizedForEveryTrial()
    {
        var settings = Trials.Settings with
        {
            BaseOptions = Trials.Settings.BaseOptions with { FeatureColumnName = "Image" }, SearchSpace = CnnSearchSpace.Grid(CnnSearchDimension.ImageSize(12, 16)),
        };
        using var result = Trials.Run(settings);
        Assert.Equal([new(3, 12, 12), new(3, 16, 16)], result.RunDetails.Select(run => run.ImageShape));
        Assert.All(result.RunDetails, run => Assert.Null(run.Exception));
        Assert.All(result.RunDetails, run => Assert.NotNull(run.ValidationMetrics));
    }

    [Fact]
    public void ImagesAreReadOnceForAllTrialsOfASize()
    {
        var (ml, reads) = (Trials.Ml, 0);
        var rows = ml.Data.LoadFromEnumerable(Toy.Make(48).Select(row => { Interlocked.Increment(ref reads); return row; }));
        var settings = Trials.Settings with { Architectures = Trials.Four, IncludeBaseline = true };
        using var result = ml.MulticlassClassification.CreateCnnExperiment(settings).Execute(ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows), 0.25);
        Assert.Equal(2 * 48, reads); // for the keys of the labels, and for the pixels
    }

    [Fact]
    public void AShareOfTheRowsValidates()
    {
        var ml = Trials.Ml;
        using var result = ml.MulticlassClassification.CreateCnnExperiment(Trials.Settings).Execute(Toy.Rows(ml, 48), 0.25);
        Assert.Equal(12, result.BestRun.ValidationMetrics!.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [Fact]
    public void FoldsValidateOnEveryRowOnce()
    {
        var ml = Trials.Ml;
        using var result = ml.MulticlassClassification.CreateCnnExperiment(Trials.Settings with { IncludeBaseline = true }).Execute(Toy.Rows(ml, 48), 3u);
        Assert.All(result.RunDetails, run => Assert.Equal(48, run.ValidationMetrics!.ConfusionMatrix.Counts.Sum(row => row.Sum())));
        Assert.All(result.RunDetails, run => Assert.NotNull(run.Model));
    }

    [Fact]
    public void NoBatchOfATrialHasOneImageAlone()
    {
        var ml = Trials.Ml;
        var settings = Trials.Settings with { Architectures = [Training.Toy.NormOfOneValue], BaseOptions = Trials.Settings.BaseOptions with { BatchSize = 2 } };
        using var result = ml.MulticlassClassification.CreateCnnExperiment(settings).Execute(Toy.Rows(ml, 7), 0.3);
        Assert.Equal((CnnTrialState.Finished, 2.0), (result.BestRun.State, result.BestRun.ValidationMetrics!.ConfusionMatrix.Counts.Sum(row => row.Sum())));
    }

    [Fact]
    public void WhereNoClassHasASecondRowTheErrorSaysSo()
    {
        var ml = Trials.Ml;
        var experiment = ml.MulticlassClassification.CreateCnnExperiment(Trials.Settings);
        Assert.Contains("of 3 training images, 0 are of a class that has two", Assert.ThrowsAny<Exception>(() => experiment.Execute(Toy.Rows(ml, 3), 0.3)).Message);
        Assert.Contains("expected at least 7", Assert.ThrowsAny<Exception>(() => experiment.Execute(Toy.Rows(ml, 6), 7u)).Message);
    }

    [Fact]
    public void ThePreFeaturizerIsPartOfTheModel()
    {
        var ml = Trials.Ml;
        var settings = Trials.Settings with { BaseOptions = Trials.Settings.BaseOptions with { FeatureColumnName = "Copy" } };
        using var result = ml.MulticlassClassification.CreateCnnExperiment(settings)
            .Execute(Toy.Rows(ml, 48), Toy.Rows(ml, 30, 2), preFeaturizer: ml.Transforms.CopyColumns("Copy", "Pixels"));
        Assert.NotNull(ml.Model.Load(result.BestRun.ModelPath!, out _).Transform(Toy.Rows(ml, 3)).Preview());
    }

    [Fact]
    public void RowsSayWhatTheModelsCost()
    {
        using var result = Trials.Run(Trials.Settings with { IncludeBaseline = true });
        var (network, linear) = (result.RunDetails[0].Costs!, result.RunDetails[1].Costs!);
        Assert.Equal(4 * 27 + 4 + 64 * 3 + 3, network.Parameters);
        Assert.Equal(27 * 4 * 256 + 64 * 3, network.MultiplyAccumulates);
        Assert.Equal((768 + 1) * 3, linear.Parameters);
        Assert.All([network, linear], costs => Assert.True(costs is { ModelFileBytes: > 1000, MillisecondsPerImage: > 0, MillisecondsPerImageInBatch: > 0 }, $"{costs}"));
        Assert.True(network.TrainingBytes > network.ActivationBytes * 16);
    }

    [Fact]
    public void NoTensorIsLeft()
    {
        Trials.Run(Trials.Settings).Dispose();
        var (before, made) = (LiveTensors.Settled(), Trials.ParametersMade);
        Trials.Run(Trials.Settings with { Architectures = [Trials.Other, Trials.Other with { Name = "other2" }, Trials.Broken], Reduction = 2 }).Dispose();
        LiveTensors.AssertNoneSince(before, Trials.ParametersMade - made);
    }
}
