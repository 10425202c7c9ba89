using System.Text;
using CnnTrainers.Estimators;
using CnnTrainers.Persistence;
using CnnTrainers.Training;

namespace CnnTrainers.Tests.Persistence;

public class ModelDocumentTests
{
    public static TheoryData<string> Architectures => new(CnnArchitecture.All.Select(one => one.Name));

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_model_of_every_architecture_comes_back(string name)
    {
        var model = Model(CnnArchitecture.Get(name));

        var text = ModelDocument.Write(model);
        var read = ModelDocument.Read(text);

        Assert.Equal(text, ModelDocument.Write(read));
        Assert.Equal(name, read.Architecture.Name);
        Assert.Equal(model.Architecture.GetType(), read.Architecture.GetType());
        Assert.Equal(model.Format, read.Format);
        Assert.Equal(model.Classes.Names, read.Classes.Names);
        Assert.Equal(model.Normalization.Mean, read.Normalization.Mean);
        Assert.Equal(model.Summary.History, read.Summary.History);
    }

    [Fact]
    public void A_variant_outside_the_registry_comes_back()
    {
        var variant = ResNetVariant.ResNet18 with { Name = "mine", Blocks = [1, 2, 1, 1], Residual = false };

        var read = (ResNetVariant)ModelDocument.Read(ModelDocument.Write(Model(variant))).Architecture;

        Assert.Equal(("mine", false), (read.Name, read.Residual));
        Assert.Equal([1, 2, 1, 1], read.Blocks);
    }

    [Fact]
    public void Classes_without_values_stay_counted()
    {
        var read = ModelDocument.Read(ModelDocument.Write(Model(LeNetVariant.LeNet5) with { Classes = ClassLabels.Unnamed(4) }));

        Assert.Equal(4, read.Classes.Count);
        Assert.Null(read.Classes.Kind);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 4", "Model.json has version 4; this library reads version 1 to 3. Update CnnTrainers.")]
    [InlineData("CnnTrainers model", "Another model", "Model.json does not describe a CnnTrainers model.")]
    [InlineData("LeNetVariant", "OtherVariant", "Model.json: this library has no family of architectures 'OtherVariant'.")]
    [InlineData("\"valueType\": \"Single\"", "\"valueType\": \"Double2\"", "Model.json: there is no label type 'Double2'.")]
    [InlineData("\"count\": 2", "\"count\": 3", "Model.json: expected 3 class values, got 2.")]
    [InlineData("\"channels\": 3", "\"channels\": 4", "Model.json: expected mean and std of 4 channels, got 3 and 3.")]
    [InlineData("\"height\": 40", "\"height\": 4", "Model.json is damaged: lenet5 takes images of at least 16x16 pixels, got 4x50. (Parameter 'input')")]
    [InlineData("\"columns\": {", "\"columns\": [", "Model.json is damaged: ")]
    [InlineData("\"training\": ", "\"trained\": ", "Model.json is damaged: ")]
    [InlineData("\"0.5\"", "\"half\"", "Model.json is damaged: ")]
    public void A_text_that_is_not_right_is_told(string right, string wrong, string message)
    {
        var text = Encoding.UTF8.GetString(ModelDocument.Write(Model(LeNetVariant.LeNet5)));
        Assert.Contains(right, text);

        var error = Assert.Throws<InvalidDataException>(() => ModelDocument.Read(Encoding.UTF8.GetBytes(text.Replace(right, wrong))));

        Assert.StartsWith(message, error.Message);
    }

    private static CnnModel Model(CnnArchitecture architecture) => new()
    {
        Architecture = architecture,
        Format = new ImageFormat(new ImageShape(3, Math.Max(40, architecture.MinimumSize), Math.Max(50, architecture.MinimumSize)), Interleaved: true),
        Normalization = new Normalization([1.1f, 2, 3], [0.1f, 1, 1]),
        Classes = LabelValueKind.All.Single(kind => kind.Name == "Single").Parse(["0.5", "1.5"]),
        FeatureColumnName = "F",
        LabelColumnName = "L",
        ScoreColumnName = "S",
        PredictedLabelColumnName = "P",
        SkipUnreadableImages = true,
        Summary = new TrainingSummary(architecture.Name, 10, 0, 3, 1, false, 1.5,
            [new EpochMetrics(1, 1, double.NaN, 0.5, null, null, 0.1, 20, TimeSpan.FromSeconds(1.5))]),
    };
}
