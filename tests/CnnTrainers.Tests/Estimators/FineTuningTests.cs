using Microsoft.ML;

namespace CnnTrainers.Tests.Estimators;

public sealed class FineTuningTests : IDisposable
{
    private static readonly ResNetVariant Small = ResNetVariant.ResNet18 with { Name = "small", Blocks = [1, 1, 1, 1] };
    private readonly string _folder = Directory.CreateTempSubdirectory("cnn-fine-tuning-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_normalisation_of_the_weights_is_saved_with_the_model()
    {
        var ml = new MLContext(seed: 1);
        var data = Toy.Rows(ml, 30);
        var model = Toy.Pipeline(ml, Toy.Options with { Epochs = 1, InitialWeights = Weights(), TrainableFrom = "head" }, Small).Fit(data);
        var path = Path.Combine(_folder, "model.zip");
        ml.Model.Save(model, data.Schema, path);

        var input = Description(path).GetProperty("input");

        Assert.Equal([123.675f, 116.28f, 103.53f], input.GetProperty("mean").EnumerateArray().Select(value => value.GetSingle()));
        Assert.Equal(Toy.Scores(model, data), Toy.Scores(new MLContext().Model.Load(path, out _), data));
    }

    [Fact]
    public void A_model_file_gives_weights_and_normalisation()
    {
        var ml = new MLContext(seed: 1);
        var data = Toy.Rows(ml, 30);
        var first = Toy.Pipeline(ml, Toy.Options with { Epochs = 1, Mean = [99, 98, 97], Std = [50, 51, 52] }).Fit(data);
        var path = Path.Combine(_folder, "first.zip");
        ml.Model.Save(first, data.Schema, path);

        // A rate of nothing: what comes out is what went in.
        var second = Toy.Pipeline(ml, Toy.Options with { Epochs = 1, InitialWeights = path, LearningRate = 1e-30, TemporaryFolder = _folder }).Fit(data);

        Assert.Equal(Toy.Scores(first, data), Toy.Scores(second, data));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("layer9", "conv1, bn1, layer1")]
    [InlineData("maxpool2", "the last layer, fc")]
    public void An_unknown_layer_is_refused_before_images_are_read(string name, string expected)
    {
        var ml = new MLContext(seed: 1);
        List<string> log = [];
        ml.Log += (_, entry) => log.Add(entry.Message);
        var trainer = ml.MulticlassClassification.Trainers.Cnn(Small, Toy.Options with { TrainableFrom = name });

        var error = Assert.Throws<ArgumentException>(() => trainer.Fit(Toy.WithKeys(ml, Toy.Rows(ml, 30))));

        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain(log, line => line.Contains("Read 30"));
    }

    [Fact]
    public void A_missing_file_is_named_before_images_are_read()
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.Cnn(Small, Toy.Options with { InitialWeights = "gone.pth" });

        var error = Assert.Throws<FileNotFoundException>(() => trainer.Fit(Toy.WithKeys(ml, Toy.Rows(ml, 30))));

        Assert.Contains("'gone.pth'", error.Message);
    }

    private string Weights()
    {
        var path = Path.Combine(_folder, "imagenet.safetensors");
        using var network = Small.CreateNetwork(new(3, 32, 32), 7);
        CnnWeights.Save(network, path);
        return path;
    }

    private static System.Text.Json.JsonElement Description(string path)
    {
        using var zip = System.IO.Compression.ZipFile.OpenRead(path);
        using var stream = zip.Entries.Single(entry => entry.Name == "Model.json").Open();
        return System.Text.Json.JsonDocument.Parse(stream).RootElement;
    }
}
