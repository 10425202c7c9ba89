namespace CnnTrainers.Tests.Training;

public class CnnTrainerOptionsTests
{
    [Fact]
    public void TheDefaultsAreValid() => new CnnTrainerOptions().Validate();

    [Fact]
    public void AllFaultsAreListedTogether()
    {
        var options = new CnnTrainerOptions
        {
            Epochs = 0, BatchSize = 1, LearningRate = -1, Momentum = 1, WeightDecay = double.NaN, LabelSmoothing = 1, RandomCropPadding = -1,
            ValidationFraction = 1, EarlyStoppingPatience = 0, Threads = 0, MemoryBudgetBytes = -1, Scale = 0, LabelColumnName = "",
        };
        var error = Assert.Throws<ArgumentException>(options.Validate);
        string[] names =
        [
            "Epochs", "BatchSize", "LearningRate", "Momentum", "WeightDecay", "LabelSmoothing", "RandomCropPadding",
            "ValidationFraction", "EarlyStoppingPatience", "Threads", "MemoryBudgetBytes", "Scale", "LabelColumnName",
        ];
        Assert.All(names, name => Assert.Contains($"\n- {name}: expected", error.Message));
        Assert.Equal(names.Length, error.Message.Split('\n').Length - 1);
        Assert.Contains("Epochs: expected at least 1, got 0.", error.Message);
    }

    public static TheoryData<CnnTrainerOptions, string> OutOfRange => new()
    {
        { new() { Threads = 100_000 }, "Threads: expected 1 to 1024, got 100000." },
        { new() { ImageShape = new(3, 50_000, 50_000) }, "ImageShape: expected positive channels, height and width, and less than 2^31 values, got 3x50000x50000." },
        { new() { RandomCropPadding = int.MaxValue }, "RandomCropPadding: expected 0 to 1048576, got 2147483647." },
        { new() { WeightDecay = 1e300 }, "WeightDecay: expected a finite number of at least 0, got 1E+300." },
        { new() { ClipGradientNorm = 1e300 }, "ClipGradientNorm: expected a finite number above 0, got 1E+300." },
        { new() { Scale = 1e-300 }, "Scale: expected one that float32 can divide Mean, Std and 1 by, got 1E-300." },
        { new() { Scale = 1e20, Mean = [1e-20f], Std = [1e-20f] }, "Scale: expected one that float32 can divide Mean, Std and 1 by, got 1E+20." },
        { new() { TemporaryFolder = "" }, "TemporaryFolder: expected a folder, got an empty text." },
        { new() { RandomErasing = new() { Scale = (0.5, 1.5) } }, "RandomErasing.Scale: expected a range within 0 to 1, got (0.5, 1.5)." },
    };

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public void AFaultIsToldUnderEveryCulture(CnnTrainerOptions options, string expected)
    {
        using var culture = new OtherCulture();
        Assert.Equal([expected], options.Faults());
    }

    public static TheoryData<string> Numbers => [.. typeof(CnnTrainerOptions).GetProperties()
        .Where(option => option.PropertyType == typeof(double) || option.PropertyType == typeof(double?) || option.PropertyType == typeof(int) || option.PropertyType == typeof(int?))
        .Select(option => option.Name).Except([nameof(CnnTrainerOptions.Epochs), nameof(CnnTrainerOptions.Threads)])];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void ANumberAtItsExtremesIsRefusedOrTrains(string option)
    {
        using var images = Toy.Images(16);
        var property = typeof(CnnTrainerOptions).GetProperty(option)!;
        var isWhole = Nullable.GetUnderlyingType(property.PropertyType) == typeof(int) || property.PropertyType == typeof(int);
        foreach (var value in isWhole ? [int.MinValue, 1 << 20, int.MaxValue] : (object[])[double.Epsilon, 1e-30, 1e30, double.MaxValue, double.NaN])
        {
            var options = Toy.Options with { Epochs = 2, Threads = 1, ValidationFraction = 0.25 };
            property.SetValue(options, value);
            if (options.Faults().Count > 0)
                continue;
            try
            {
                var result = Toy.Fit(images, options);
                Assert.All(Toy.Weights(result.Network), weight => Assert.True(float.IsFinite(weight), $"{option} {value}"));
                result.Network.Dispose();
            }
            catch (CnnTrainingException)
            {
                // The learning rate may well be too high.
            }
        }
    }

    [Fact]
    public void MeanAndStdGoTogether()
    {
        Assert.Single(new CnnTrainerOptions { Mean = [1f] }.Faults());
        Assert.Single(new CnnTrainerOptions { Mean = [1f], Std = [0f] }.Faults());
        Assert.Single(new CnnTrainerOptions { Mean = [1f], Std = [1f, 2f] }.Faults());
        Assert.Single(new CnnTrainerOptions { Mean = [1f], Std = [1f], ImageShape = new(3, 8, 8) }.Faults());
        Assert.Empty(new CnnTrainerOptions { Mean = [1f], Std = [1f], ImageShape = new(1, 8, 8) }.Faults());
    }

    [Fact]
    public void FineTuningOptionsAreChecked()
    {
        var faults = new CnnTrainerOptions { InitialWeights = "", TrainableFrom = "", LayerwiseLearningRateDecay = 0 }.Faults();
        Assert.Equal(["InitialWeights", "TrainableFrom", "LayerwiseLearningRateDecay"], faults.Select(fault => fault[..fault.IndexOf(':')]));
        Assert.Single(new CnnTrainerOptions { LayerwiseLearningRateDecay = 1.1 }.Faults());
        Assert.Empty(new CnnTrainerOptions { InitialWeights = "a.pth", TrainableFrom = "head", LayerwiseLearningRateDecay = 1 }.Faults());
    }

    [Fact]
    public void ANamedNormalizationStandsAlone()
    {
        Assert.Single(new CnnTrainerOptions { Normalization = PixelNormalization.ImageNet, Scale = 2 }.Faults());
        Assert.Single(new CnnTrainerOptions { Normalization = PixelNormalization.ImageNet, ImageShape = new(1, 8, 8) }.Faults());
        Assert.Empty(new CnnTrainerOptions { Normalization = PixelNormalization.ImageNet, ImageShape = new(3, 8, 8) }.Faults());
    }

    [Fact]
    public void NesterovNeedsMomentumWithSgdOnly()
    {
        Assert.Single(new CnnTrainerOptions { Momentum = 0 }.Faults());
        Assert.Empty(new CnnTrainerOptions { Momentum = 0, Nesterov = false }.Faults());
        Assert.Empty(new CnnTrainerOptions { Momentum = 0, Optimizer = CnnOptimizer.AdamW }.Faults());
    }

    [Fact]
    public void RecipeAndCheckpointOptionsAreChecked()
    {
        var options = new CnnTrainerOptions
        {
            WarmupEpochs = 10, WarmupFactor = 0, AccumulationSteps = 0, ClipGradientNorm = 0, ClipGradientValue = double.PositiveInfinity, EmaDecay = 1,
            CheckpointEvery = TimeSpan.Zero, CheckpointEverySteps = 0, Resume = true, Metric = null!,
        };
        string[] names =
        [
            "WarmupEpochs", "WarmupFactor", "AccumulationSteps", "ClipGradientNorm", "ClipGradientValue", "EmaDecay",
            "Metric", "CheckpointEvery", "CheckpointEverySteps", "Resume",
        ];
        Assert.Equal(names, options.Faults().Select(fault => fault[..fault.IndexOf(':')]));
        Assert.Single(new CnnTrainerOptions { CheckpointFolder = "" }.Faults());
        Assert.Empty(new CnnTrainerOptions { WarmupEpochs = 9.5, CheckpointFolder = "here", Resume = true }.Faults());
    }

    [Fact]
    public void PresetsAreValidAndOnlyThoseForPhotographsMirrorAndRecolour()
    {
        Assert.Equal(["fast", "standard", "best"], CnnPreset.All.Select(preset => preset.Name));
        Assert.All(CnnPreset.All, preset =>
        {
            Assert.Same(preset, CnnPreset.Get(preset.Name));
            preset.Photographs.Validate();
            preset.Symbols.Validate();
            Assert.True(preset.Photographs.RandomHorizontalFlip);
            Assert.False(preset.Symbols.RandomHorizontalFlip || preset.Symbols.RandomVerticalFlip || preset.Symbols.TrivialAugment || preset.Symbols.ColorJitter is not null);
            Assert.Equal(preset.Photographs.Epochs, preset.Symbols.Epochs);
        });
    }

    [Fact]
    public void ACopyKeepsNothingThatTheOwnerCanChange()
    {
        var mean = new[] { 1f };
        var copy = new CnnTrainerOptions { Mean = mean, Std = [1f] }.Copy();
        mean[0] = 7;
        Assert.Equal([1f], copy.Mean);
    }
}
