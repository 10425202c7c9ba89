using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Persistence;

/// <summary>
/// A small model that is written once for each version of the file's layout, with the scores that it gave, and kept for good.
/// docs/model-file.md says how to add one.
/// </summary>
internal static class KeptModel
{
    private const int Size = 16, Rows = 4;

    internal sealed class Row
    {
        public string Label { get; set; } = "";

        [VectorType(1, Size, Size)]
        public float[] Pixels { get; set; } = [];
    }

    internal sealed class Answer
    {
        public float[] Score { get; set; } = [];

        public string PredictedLabel { get; set; } = "";
    }

    /// <summary>Every folder that is kept.</summary>
    public static string[] Folders => Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "TestData", "models"));

    /// <summary>The answers that a kept model gave when it was written.</summary>
    public static Answer[] Expected(string folder) => JsonSerializer.Deserialize<Answer[]>(File.ReadAllText(Path.Combine(folder, "expected.json")))!;

    /// <summary>The answers of a model in a folder.</summary>
    public static Answer[] Answers(string folder)
    {
        var ml = new MLContext(seed: 1);
        var model = ml.Model.Load(Path.Combine(folder, "model.zip"), out _);
        return [.. ml.Data.CreateEnumerable<Answer>(model.Transform(Data(ml)), reuseRowObject: false)];
    }

    /// <summary>Trains the model with this version of the library, and writes it and its answers.</summary>
    public static void Write(string folder)
    {
        var ml = new MLContext(seed: 1);
        var data = Data(ml);
        var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, new CnnTrainerOptions { FeatureColumnName = "Pixels", Epochs = 40, BatchSize = 2, LearningRate = 0.02, ValidationFraction = 0, Seed = 1, TestTimeAugmentation = TestTimeAugmentation.Shift, FeaturesColumnName = "LastLayer" }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        Directory.CreateDirectory(folder);
        ml.Model.Save(model, data.Schema, Path.Combine(folder, "model.zip"));
        File.WriteAllText(Path.Combine(folder, "expected.json"), JsonSerializer.Serialize(Answers(folder), new JsonSerializerOptions { WriteIndented = true }));
    }

    private static IDataView Data(MLContext ml) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(row => new Row
    {
        Label = row % 2 == 0 ? "even" : "odd",
        Pixels = [.. Enumerable.Range(0, Size * Size).Select(pixel => (float)((pixel * (7 + row)) % 256))],
    }));
}
