using Microsoft.ML;
using Toy = CnnTrainers.Tests.Estimators.Toy;

namespace CnnTrainers.Tests.Comparison;

public class ExperimentImageTests
{
    private static readonly CnnExperimentSettings Settings = Trials.Settings with { IncludeBaseline = true, MaxEpochs = 1 };

    public static TheoryData<string, ImageShape?, CnnArchitecture, ImageShape> Columns => new()
    {
        { "Pixels", null, Trials.Small, new(3, 16, 16) },
        { "Bytes", null, Trials.Large, new(3, 24, 24) },
        { "Interleaved", null, Trials.Large, new(3, 24, 24) },
        { "Flat", new(1, 16, 48), Trials.Large, new(1, 24, 48) },
        { "Image", null, Trials.Small, new(3, 16, 16) },
        { "Image", new(1, 20, 20), Trials.Large, new(1, 24, 24) },
        { "Image", new(4, 16, 16), Trials.Small, new(4, 16, 16) },
        { "no such column", null, Trials.Small, new(3, 16, 16) }, // the only one with images
    };

    [Theory]
    [MemberData(nameof(Columns))]
    public void EveryKindOfColumnCanBeTrainedOnAndScored(string column, ImageShape? shape, CnnArchitecture architecture, ImageShape expected)
    {
        var ml = Trials.Ml;
        var settings = Settings with { Architectures = [architecture], BaseOptions = Settings.BaseOptions with { FeatureColumnName = column, ImageShape = shape } };
        using var result = Trials.Run(settings);
        Assert.Equal(expected, result.RunDetails[0].ImageShape);
        Assert.All(result.RunDetails, run => Assert.Equal(
            run.ValidationMetrics!.MicroAccuracy, ml.MulticlassClassification.Evaluate(run.Model!.Transform(Toy.Rows(ml, 30, seed: 2))).MicroAccuracy));
    }

    [Fact]
    public void ValidationRowsWithKeysOfTheirOwnAreTakenByTheirValues()
    {
        var ml = Trials.Ml;
        var rows = Toy.Make(30, seed: 2);
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Toy.Rows(ml, 48));
        double Accuracy(IDataView validation)
        {
            using var result = ml.MulticlassClassification.CreateCnnExperiment(Settings with { IncludeBaseline = false, MaxEpochs = 3 })
                .Execute(keys.Transform(Toy.Rows(ml, 48)), validation);
            return result.BestRun.ValidationMetrics!.MicroAccuracy;
        }

        Assert.Equal(
            Accuracy(keys.Transform(ml.Data.LoadFromEnumerable(rows))), Accuracy(Toy.WithKeys(ml, ml.Data.LoadFromEnumerable(rows.Skip(2).Concat(rows.Take(2))))));
    }

    [Fact]
    public void PixelsThatAreNoBytesCannotBeEnlarged()
    {
        var ml = Trials.Ml;
        using var result = ml.MulticlassClassification.CreateCnnExperiment(Settings with { Architectures = [Trials.Small, Trials.Large] })
            .Execute(Toy.Rows(ml, 48), 0.25, preFeaturizer: ml.Transforms.NormalizeMinMax("Pixels"));
        Assert.Equal(CnnTrialState.Finished, result.RunDetails[0].State);
        Assert.Contains("3x16x16 and cannot be resized to 3x24x24: their pixels are not integers from 0 to 255", result.RunDetails[1].Exception!.Message);
    }

    [Fact]
    public void APreFeaturizerThatCannotBeSavedIsAnErrorBeforeAnythingIsTrained()
    {
        var ml = Trials.Ml;
        var copy = ml.Transforms.CustomMapping<Toy.Row, Copied>((row, copied) => copied.Copy = row.Number, contractName: null);
        var fault = Assert.Throws<ArgumentException>(() => ml.MulticlassClassification.CreateCnnExperiment(Settings).Execute(Toy.Rows(ml, 48), 0.25, preFeaturizer: copy));
        Assert.Contains("preFeaturizer: it cannot be saved", fault.Message);
    }

    [Fact]
    public void MissingColumnsAreErrors()
    {
        var ml = Trials.Ml;
        var experiment = ml.MulticlassClassification.CreateCnnExperiment(Settings);
        Assert.Contains("'Klass'", Assert.Throws<ArgumentOutOfRangeException>(() => experiment.Execute(Toy.Rows(ml, 48), 0.25, "Klass")).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => experiment.Execute(Toy.Rows(ml, 48), 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => experiment.Execute(Toy.Rows(ml, 48), 1u));
    }

    internal sealed class Copied
    {
        public float Copy { get; set; }
    }
}
