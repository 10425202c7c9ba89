using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Persistence;

/// <summary>A file of 0.1.0 as it was before the published packages: image steps, network, labels. Its decoder was another, hence the tolerance.</summary>
public class OldModelFileTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "TestData", "old-model");

    [Fact]
    public void ItGivesThePredictionsThatItGave()
    {
        var ml = new MLContext();
        var model = ml.Model.Load(Path.Combine(Folder, "lenet5.zip"), out _);
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "predictions.json")));
        var images = expected.RootElement.EnumerateArray().ToList();
        var rows = ml.Data.LoadFromEnumerable(images.Select(image => new Row { ImagePath = Path.Combine(Folder, image.GetProperty("image").GetString()!) }));
        var scored = model.Transform(rows);
        var classes = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["Score"].GetSlotNames(ref classes);
        var names = classes.DenseValues().Select(name => name.ToString()).ToList();
        var (labels, scores) = (scored.GetColumn<string>("PredictedLabel").ToList(), scored.GetColumn<float[]>("Score").ToList());

        Assert.Equal(6, labels.Count);
        Assert.Equal(images.Select(image => image.GetProperty("classes")[0].GetProperty("class").GetString()), labels);
        foreach (var (image, score) in images.Zip(scores))
            foreach (var one in image.GetProperty("classes").EnumerateArray())
                Assert.Equal(one.GetProperty("probability").GetSingle(), score[names.IndexOf(one.GetProperty("class").GetString()!)], 1e-3f);
    }

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
