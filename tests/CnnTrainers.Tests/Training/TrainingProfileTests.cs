using System.Diagnostics;

namespace CnnTrainers.Tests.Training;

public class TrainingProfileTests
{
    [Fact]
    public void ThePartsOfAllStepsAddUpToTheTimeOfTheFit()
    {
        using var images = Toy.Images(40);
        TrainingProfile? profile = null;
        var clock = Stopwatch.StartNew();
        Toy.Fit(images, Toy.Options with { Epochs = 3, OnProfile = p => profile = p }).Network.Dispose();
        var seconds = clock.Elapsed.TotalSeconds;
        Assert.NotNull(profile);
        Assert.Equal((15, 120), (profile.Steps, profile.Images));
        Assert.All([profile.Forward, profile.Backward, profile.Optimizer, profile.Data], part => Assert.True(part > 0));
        Assert.InRange(profile.Total, profile.Forward + profile.Backward, seconds);
        Assert.Equal(120 / profile.Total, profile.ImagesPerSecond, 1e-6);
        Assert.Equal(CnnPrecision.Float32, profile.Precision);
    }

    [Fact]
    public void ASlowCallbackIsNotTakenForComputing()
    {
        using var images = Toy.Images(16);
        TrainingProfile? profile = null;
        Toy.Fit(images, Toy.Options with { Epochs = 1, OnStep = _ => Thread.Sleep(50), OnProfile = p => profile = p }).Network.Dispose();
        Assert.True(profile!.Other >= 0.1, $"{profile}");
    }
}
