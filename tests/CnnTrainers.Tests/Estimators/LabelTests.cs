using CnnTrainers.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Estimators;

public class LabelTests
{
    [Theory]
    [InlineData("Label", new[] { "bottom", "right", "top" })]
    [InlineData("Digit", new[] { "10", "11", "12" })]
    [InlineData("Number", new[] { "0.5", "1.5", "2.5" })]
    public void Labels_of_any_type_come_back_as_predictions(string label, string[] names)
    {
        var ml = new MLContext(seed: 1);
        var data = Toy.Rows(ml, 60);
        var pipeline = ml.Transforms.Conversion.MapValueToKey(label)
            .Append(ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { LabelColumnName = label, Epochs = 1 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var model = pipeline.Fit(data);

        Assert.Equal(names, Toy.CnnOf(model).ClassNames);
        Assert.Equal(data.Schema[label].Type, model.Transform(data).Schema["PredictedLabel"].Type);
    }

    public static TheoryData<string, string[]> Stored => new()
    {
        { "String", ["", "a \"b\"", "é\n"] }, { "Boolean", ["False", "True"] }, { "SByte", ["-1", "2"] }, { "UInt64", ["18446744073709551615"] },
        { "Single", ["0.1", "-3.4028235E+38"] }, { "Double", ["0.1", "1E-300"] }, { "TimeSpan", ["1.02:03:04.0000005"] },
        { "DateTime", ["2026-01-02T03:04:05.0000006Z"] }, { "DateTimeOffset", ["2026-01-02T03:04:05.0000006+01:00"] },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Values_of_every_type_are_stored_exactly(string kind, string[] values)
    {
        var labels = LabelValueKind.All.Single(one => one.Name == kind).Parse(values);

        Assert.Equal(values, labels.Names);
        Assert.Equal(kind, labels.Kind!.Name);
    }

    [Fact]
    public void A_key_without_a_usable_count_is_refused()
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Label", new KeyDataViewType(typeof(uint), int.MaxValue));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ClassLabels.Of(schema.ToSchema()[0]));

        Assert.Contains("got Key<UInt32, 0-2147483646> with 2147483647 classes", error.Message);
    }
}
