namespace CnnTrainers.Tests.Training;

public class AugmentationOptionsTests
{
    [Fact]
    public void RangesAreChecked()
    {
        var faults = new CnnTrainerOptions
        {
            RandomRotation = 181,
            RandomResizedCrop = new() { Scale = (0, 1), Ratio = (2, 1) },
            ColorJitter = new() { Brightness = -1, Contrast = double.NaN, Saturation = double.PositiveInfinity, Hue = 0.6 },
            RandomErasing = new() { Probability = 2, Scale = (0.5, 0.4), Ratio = (0, 1) },
            MixupAlpha = -1, CutMixAlpha = double.PositiveInfinity, MixupProbability = 1.1, MixupSwitchProbability = -0.1,
        }.Faults();
        string[] expected =
        [
            "RandomRotation", "RandomResizedCrop.Scale", "RandomResizedCrop.Ratio", "ColorJitter.Brightness", "ColorJitter.Contrast",
            "ColorJitter.Saturation", "ColorJitter.Hue", "RandomErasing.Probability", "RandomErasing.Scale", "RandomErasing.Ratio",
            "MixupAlpha", "CutMixAlpha", "MixupProbability", "MixupSwitchProbability",
        ];
        Assert.Equal(expected, faults.Select(fault => fault[..fault.IndexOf(':')]));
        Assert.Equal("RandomErasing.Scale: expected a range within 0 to 1, got (0.5, 0.4).", faults[8]);
    }

    [Fact]
    public void DefaultsOfTheOperationsAreValid() => new CnnTrainerOptions
    {
        RandomResizedCrop = new(), ColorJitter = new() { Hue = 0.5 }, RandomErasing = new(), TrivialAugment = true, RandomRotation = 180, MixupAlpha = 0.2, CutMixAlpha = 1,
    }.Validate();
}
