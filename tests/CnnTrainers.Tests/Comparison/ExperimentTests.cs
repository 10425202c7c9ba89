using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Comparison;

public class ExperimentTests
{
    [Fact]
    public void TheBestRunsModelReachesWhatItsRowSays()
    {
        var ml = Trials.Ml;
        using var result = Trials.Run(Trials.Settings with { Architectures = [Trials.Small, LeNetVariant.LeNet5], IncludeBaseline = true });
        var metrics = ml.MulticlassClassification.Evaluate(result.BestRun.Model!.Transform(Estimators.Toy.Rows(ml, 30, seed: 2)));
        Assert.Equal(result.BestRun.ValidationMetrics!.MicroAccuracy, metrics.MicroAccuracy);
        Assert.Equal(result.BestRun.ValidationMetrics.LogLoss, metrics.LogLoss, 1e-6);
        Assert.Equal(["small", "lenet5", "LbfgsMaximumEntropy"], result.RunDetails.Select(run => run.TrainerName));
    }

    [Fact]
    public void EveryRowsModelTakesTheTrainingDataAndGivesTheClassAsText()
    {
        var ml = Trials.Ml;
        using var result = Trials.Run(Trials.Settings with { Architectures = [Trials.Small], IncludeBaseline = true });
        Assert.All(result.RunDetails, run =>
        {
            var predicted = run.Model!.Transform(Estimators.Toy.Rows(ml, 3)).GetColumn<string>("PredictedLabel").ToList();
            Assert.All(predicted, label => Assert.Contains(label, Estimators.Toy.Classes));
        });
    }
}
