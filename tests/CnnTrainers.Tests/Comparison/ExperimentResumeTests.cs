namespace CnnTrainers.Tests.Comparison;

public sealed class ExperimentResumeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("experiment-").FullName;

    private CnnExperimentSettings Settings => Trials.Settings with
    {
        Architectures = Trials.Four, Reduction = 2, MaxEpochs = 8, Folder = _folder, IncludeBaseline = true,
        BaseOptions = Trials.Settings.BaseOptions with { CheckpointEverySteps = 3 },
    };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(25)]
    public void AnExperimentThatDiedGoesOnWhereItWas(int death)
    {
        using var whole = Trials.Run(Settings with { Folder = null });
        var epochs = 0;
        var dying = new Trials { OnReport = report => Die(report.State == CnnTrialState.Running && report.EpochsDone > 0 && ++epochs == death) };
        Assert.Throws<InvalidTimeZoneException>(() => Trials.Run(Settings, dying));
        var resumed = new Trials();
        using var result = Trials.Run(Settings, resumed);
        Assert.Equal(whole.RunDetails.Select(Describe), result.RunDetails.Select(Describe));
        // The epoch that was told of as the run died may be validated again; it is not trained again.
        Assert.All(result.RunDetails, run => Assert.All(resumed.TrainedOf(run.Number), epoch => Assert.True(epoch >= dying.EpochsOf(run.Number).LastOrDefault())));
    }

    [Fact]
    public void AnExperimentThatEndedIsReadFromItsFolder()
    {
        using var first = Trials.Run(Settings);
        var again = new Trials();
        using var second = Trials.Run(Settings, again);
        Assert.Equal(first.RunDetails.Select(Describe), second.RunDetails.Select(Describe));
        Assert.DoesNotContain(again.Reports, report => report.State == CnnTrialState.Running);
        Assert.True(second.Elapsed > first.Elapsed);
        Assert.Empty(Directory.GetFiles(_folder, "*.cnnckpt", SearchOption.AllDirectories));
    }

    [Fact]
    public void ACancelledExperimentKeepsTheBestSoFarAndGoesOn()
    {
        using var cancel = new CancellationTokenSource();
        var reports = new Trials { OnReport = report => Cancel(report is { State: CnnTrialState.Running, Number: 3, EpochsDone: > 0 }, cancel) };
        using (var result = Trials.Run(Settings with { CancellationToken = cancel.Token }, reports))
        {
            Assert.Contains(result.RunDetails, run => run.State == CnnTrialState.Cancelled);
            Assert.NotNull(result.BestRun.Model);
        }
        using var whole = Trials.Run(Settings with { Folder = null });
        using var resumed = Trials.Run(Settings);
        Assert.Equal(whole.RunDetails.Select(Describe), resumed.RunDetails.Select(Describe));
    }

    [Fact]
    public void CancelledBeforeAnythingWasReachedItThrows()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Trials.Run(Settings with { CancellationToken = cancel.Token }));
    }

    [Fact]
    public void TheTimeOfARunThatDiedCounts()
    {
        var settings = Settings with { MaxExperimentTimeInSeconds = 40, MaxEpochs = 1000, IncludeBaseline = false };
        var dying = new Trials { OnReport = report => Die(report.ExperimentSeconds > 15) };
        Assert.Throws<InvalidTimeZoneException>(() => Trials.Run(settings, dying, new StepTime(), images: 600));
        var resumed = new Trials();
        using var result = Trials.Run(settings, resumed, new StepTime(), images: 600);
        Assert.True(resumed.Reports[0].ExperimentSeconds > 15);
        Assert.InRange(result.Elapsed.TotalSeconds, 15, 40);
    }

    [Fact]
    public void AFolderOfAnotherExperimentIsRefused()
    {
        Trials.Run(Settings with { MaxModels = 1 }).Dispose();
        var fault = Assert.Throws<ArgumentException>(() => Trials.Run(Settings with { MaxModels = 1, Seed = 4 }));
        Assert.Contains("seed: the folder has 3, this experiment 4", fault.Message);
        fault = Assert.Throws<ArgumentException>(() => Trials.Run(Settings with { MaxModels = 1 }, images: 47));
        Assert.Contains("training images: the folder has 48 of 3x16x16", fault.Message);
    }

    [Fact]
    public void AFolderInUseIsRefused()
    {
        var reports = new Trials { OnReport = _ => Assert.Throws<ArgumentException>(() => Trials.Run(Settings)) };
        Trials.Run(Settings with { MaxModels = 1, MaxEpochs = 1 }, reports).Dispose();
        Assert.NotEmpty(reports.Reports);
    }

    [Fact]
    public void ATemporaryFolderGoesWithTheResult()
    {
        var result = Trials.Run(Settings with { Folder = null, MaxModels = 1, MaxEpochs = 1 });
        Assert.True(File.Exists(result.BestRun.ModelPath));
        result.Dispose();
        Assert.False(Directory.Exists(result.Folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Describe(CnnRunDetail run) => $"{run.TrainerName} {run.State} {run.EpochsTrained}/{run.Epochs} {run.ValidationMetrics?.LogLoss:R} {run.Costs?.Parameters}";

    private static void Die(bool now)
    {
        if (now)
            throw new InvalidTimeZoneException();
    }

    private static void Cancel(bool now, CancellationTokenSource source)
    {
        if (now)
            source.Cancel();
    }
}
