using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Estimators;

public class SchemaTests
{
    private readonly MLContext _ml = new(seed: 1);

    private CnnTrainer Trainer(CnnTrainerOptions options) => _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, options);

    [Theory]
    [InlineData("Label")]
    [InlineData("Digit")]
    [InlineData("Number")]
    public void The_promised_schema_is_the_delivered_one(string label)
    {
        var data = _ml.Transforms.Conversion.MapValueToKey(label).Fit(Toy.Rows(_ml, 30)).Transform(Toy.Rows(_ml, 30));
        var trainer = Trainer(Toy.Options with { LabelColumnName = label, Epochs = 1 });

        var promised = trainer.GetOutputSchema(MLNetInternals.ShapeOf(data.Schema));
        using var model = trainer.Fit(data);
        var delivered = MLNetInternals.ShapeOf(model.Transform(data).Schema);

        Assert.Equal(Text(promised), Text(delivered));
        Assert.Equal(model.GetOutputSchema(data.Schema).ToString(), model.Transform(data).Schema.ToString());
    }

    [Fact]
    public void Outputs_carry_the_annotations_that_evaluate_looks_for()
    {
        var schema = Toy.CnnOf(Toy.Trained.Model).Transform(Toy.Rows(Toy.Trained.Ml, 1)).Schema;

        Assert.Equal(["PredictedLabel", "Score"], schema.TakeLast(2).Select(column => column.Name));
        Assert.Equal("Key<UInt32, 0-2>", schema["PredictedLabel"].Type.ToString());
        Assert.Equal("Vector<Single, 3>", schema["Score"].Type.ToString());
        Assert.Equal(["ScoreColumnKind", "ScoreValueKind", "KeyValues", "ScoreColumnSetId"], schema["PredictedLabel"].Annotations.Schema.Select(one => one.Name));
        Assert.Equal(["ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind", "TrainingLabelValues", "SlotNames"], schema["Score"].Annotations.Schema.Select(one => one.Name));
        Assert.Equal("Key<UInt32, 0-2147483646>", schema["Score"].Annotations.Schema["ScoreColumnSetId"].Type.ToString());
        Assert.Equal("MulticlassClassification", Annotation(schema["Score"], "ScoreColumnKind"));
        Assert.Equal("Score", Annotation(schema["Score"], "ScoreValueKind"));
        Assert.Equal("PredictedLabel", Annotation(schema["PredictedLabel"], "ScoreValueKind"));
        Assert.Equal(Toy.Classes, Names(schema["Score"], "SlotNames"));
        Assert.Equal(Toy.Classes, Names(schema["PredictedLabel"], "KeyValues"));
    }

    [Fact]
    public void An_output_stands_right_after_the_column_that_it_hides()
    {
        var (ml, model) = Toy.Trained;
        var cnn = Toy.CnnOf(model);

        var twice = cnn.Transform(cnn.Transform(Toy.Rows(ml, 1))).Schema;

        Assert.Equal(["PredictedLabel", "PredictedLabel", "Score", "Score"], twice.TakeLast(4).Select(column => column.Name));
        Assert.Equal([true, false, true, false], twice.TakeLast(4).Select(column => column.IsHidden));
        uint first = 0, second = 0;
        twice[twice.Count - 2].Annotations.GetValue("ScoreColumnSetId", ref first);
        twice[twice.Count - 1].Annotations.GetValue("ScoreColumnSetId", ref second);
        Assert.Equal(first + 1, second);
    }

    [Theory]
    [InlineData("Label", "Nowhere", "Could not find feature column 'Nowhere' (Parameter 'inputSchema')")]
    [InlineData("Nowhere", "Pixels", "Could not find label column 'Nowhere' (Parameter 'inputSchema')")]
    [InlineData("Label", "Number", "Schema mismatch for feature column 'Number': expected Vector<Single>, Vector<Byte> or Image, got Single (Parameter 'inputSchema')")]
    [InlineData("ImagePath", "Pixels", "Schema mismatch for label column 'ImagePath': expected Key<UInt32>, got String (Parameter 'labelCol')")]
    public void A_bad_schema_fails_alike_before_and_at_the_fit(string label, string feature, string message)
    {
        var data = Toy.WithKeys(_ml, Toy.Rows(_ml, 6));
        var trainer = Trainer(Toy.Options with { LabelColumnName = label, FeatureColumnName = feature });

        Assert.Equal(message, Assert.Throws<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(MLNetInternals.ShapeOf(data.Schema))).Message);
        Assert.Equal(message, Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(data)).Message);
    }

    [Fact]
    public void A_bad_feature_column_fails_alike_at_a_transform()
    {
        var (ml, model) = Toy.Trained;
        var cnn = Toy.CnnOf(model);
        var variable = ml.Data.LoadFromEnumerable(new[] { new Variable() });
        const string message = "Schema mismatch for feature column 'Pixels': expected Vector<Single>, Vector<Byte> or Image, got VarVector<Single> (Parameter 'inputSchema')";

        Assert.Equal(message, Assert.Throws<ArgumentOutOfRangeException>(() => cnn.Transform(variable)).Message);
        Assert.Equal(message, Assert.Throws<ArgumentOutOfRangeException>(() => cnn.GetOutputSchema(variable.Schema)).Message);
        Assert.Equal(message, Assert.Throws<ArgumentOutOfRangeException>(() => cnn.GetRowToRowMapper(variable.Schema)).Message);
    }

    private sealed class Variable
    {
        public float[] Pixels { get; set; } = [];
    }

    private static string Annotation(DataViewSchema.Column column, string kind)
    {
        var value = default(ReadOnlyMemory<char>);
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }

    private static IEnumerable<string> Names(DataViewSchema.Column column, string kind)
    {
        var values = default(VBuffer<ReadOnlyMemory<char>>);
        column.Annotations.GetValue(kind, ref values);
        return values.DenseValues().Select(value => value.ToString());
    }

    private static string Text(SchemaShape shape) => string.Join("\n", shape.Select(column =>
        $"{column.Name}: {column.Kind} {column.ItemType} {column.IsKey} ({string.Join(", ", column.Annotations.Select(one => $"{one.Name} {one.Kind} {one.ItemType} {one.IsKey}").Order())})").Order());
}
