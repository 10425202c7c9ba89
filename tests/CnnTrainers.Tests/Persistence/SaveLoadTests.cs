using System.IO.Compression;
using System.Text.Json;
using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers.Tests.Persistence;

public sealed class SaveLoadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnn-tests-");
    private readonly MLContext _ml = Toy.Trained.Ml;
    private readonly ITransformer _model = Toy.Trained.Model;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_loaded_model_scores_bit_for_bit_the_same()
    {
        var data = Toy.Rows(_ml, 40, seed: 3);

        var loaded = new MLContext().Model.Load(Save(_model), out var schema);

        Assert.NotNull(schema.GetColumnOrNull("Pixels"));
        Assert.Equal(Toy.Scores(_model, data), Toy.Scores(loaded, data));
        Assert.Equal(_model.Transform(data).GetColumn<string>("PredictedLabel"), loaded.Transform(data).GetColumn<string>("PredictedLabel"));
        Assert.Equal(_model.Transform(data).Schema.ToString(), loaded.Transform(data).Schema.ToString());
    }

    [Fact]
    public void Running_statistics_and_counters_come_back_too()
    {
        var variant = ResNetVariant.ResNet18 with { Name = "tiny", Blocks = [1, 1, 1, 1] };
        var model = Toy.Pipeline(_ml, Toy.Options with { Epochs = 1 }, variant).Fit(Toy.Rows(_ml, 32));
        var data = Toy.Rows(_ml, 8, seed: 3);

        var loaded = new MLContext().Model.Load(Save(model), out _);

        Assert.Equal("tiny", Toy.CnnOf(loaded).Architecture.Name);
        Assert.Equal(Toy.Scores(model, data), Toy.Scores(loaded, data));
    }

    [Fact]
    public void A_network_of_ones_own_comes_back_where_a_static_method_makes_it()
    {
        var data = Toy.Rows(_ml, 12);
        var model = Toy.Pipeline(_ml, Toy.Options with { Epochs = 1 }, new CustomArchitecture("mine", OneLayer)).Fit(data);

        var loaded = new MLContext().Model.Load(Save(model), out _);

        Assert.Equal("mine", Toy.CnnOf(loaded).Architecture.Name);
        Assert.Equal(Toy.Scores(model, data), Toy.Scores(loaded, data));
    }

    private static Module<Tensor, Tensor> OneLayer(ImageShape shape, int classes) => Sequential(("flatten", Flatten()), ("fc", Linear(shape.Size, classes)));

    [Theory]
    [InlineData("Digit")]
    [InlineData("Number")]
    public void Labels_of_numbers_come_back(string label)
    {
        var data = Toy.WithKeys(_ml, Toy.Rows(_ml, 12));
        var keyed = _ml.Transforms.Conversion.MapValueToKey(label).Fit(data).Transform(data);
        var model = _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { LabelColumnName = label, Epochs = 1 }).Fit(keyed);

        var loaded = (CnnTransformer)new MLContext().Model.Load(Save(model), out _);

        Assert.Equal(model.ClassNames, loaded.ClassNames);
        Assert.Equal(model.Transform(keyed).Schema["PredictedLabel"].Annotations.Schema.ToString(), loaded.Transform(keyed).Schema["PredictedLabel"].Annotations.Schema.ToString());
        Assert.Equal(model.Summary.History, loaded.Summary.History);
    }

    [Fact]
    public void Saving_twice_writes_the_same_bytes()
    {
        var (one, two) = (Entries(Save(_model)), Entries(Save(new MLContext().Model.Load(Save(_model), out _))));

        Assert.Equal(one.Keys.Order(), two.Keys.Order());
        Assert.All(one, entry => Assert.Equal(entry.Value, two[entry.Key]));
    }

    [Fact]
    public void Weights_and_description_lie_open_in_the_zip()
    {
        var entries = Entries(Save(_model));

        using var json = JsonDocument.Parse(entries["TransformerChain/Transform_001/Model.json"]);
        var weights = entries["TransformerChain/Transform_001/Weights.safetensors"];

        Assert.Equal("lenet5", json.RootElement.GetProperty("architecture").GetProperty("variant").GetProperty("name").GetString());
        Assert.Equal(Toy.Classes, json.RootElement.GetProperty("classes").GetProperty("values").EnumerateArray().Select(value => value.GetString()));
        Assert.Contains("\"conv1.weight\":{\"dtype\":\"F32\",\"shape\":[6,3,5,5]", System.Text.Encoding.UTF8.GetString(weights));
    }

    [Fact]
    public void A_fresh_process_loads_it_with_nothing_but_the_path()
    {
        var data = Toy.Rows(_ml, 5, seed: 3);
        var expected = Toy.Scores(_model, data);

        var printed = ScoringProcess.Run(Save(_model));

        Assert.Equal(expected, printed);
    }

    [Fact]
    public void A_file_without_weights_is_told()
    {
        var path = Change(Save(_model), (entries, name) => entries.Remove(name), "Weights.safetensors");

        Assert.Equal("The model file has no Weights.safetensors beside the network's Model.key.", LoadError(path).Message);
    }

    [Fact]
    public void Weights_that_are_cut_off_are_told()
    {
        var path = Change(Save(_model), (entries, name) => entries[name] = entries[name][..^10], "Weights.safetensors");

        Assert.StartsWith("Weights.safetensors is cut off or goes on: its header asks for ", LoadError(path).Message);
    }

    [Theory]
    [InlineData("Model.json", "Model.json is damaged: ")]
    [InlineData("Weights.safetensors", "Not a safetensors stream: ")]
    public void The_first_cause_says_which_part_is_damaged(string part, string expected)
    {
        var path = Change(Save(_model), (entries, name) => entries[name][part == "Model.json" ? 0 : 8] = (byte)'<', part);

        Assert.StartsWith(expected, LoadError(path).Message);
    }

    [Fact]
    public void Weights_of_another_network_are_listed()
    {
        var path = Change(Save(_model), (entries, name) => entries[name] = [.. System.Text.Encoding.Latin1.GetBytes(
            System.Text.Encoding.Latin1.GetString(entries[name]).Replace("\"fc1.bias\"", "\"fcX.bias\"").Replace("[6,3,5,5]", "[6,5,3,5]"))], "Weights.safetensors");

        var message = LoadError(path).Message;

        Assert.StartsWith("Weights.safetensors does not fit lenet5 on 3x16x16 with 3 classes:", message);
        Assert.Contains("\n- conv1.weight is F32 [6, 5, 3, 5], expected F32 [6, 3, 5, 5]", message);
        Assert.Contains("\n- fc1.bias is missing, expected F32 [120]", message);
        Assert.Contains("\n- fcX.bias is not part of the network", message);
    }

    [Fact]
    public void A_zip_cut_in_half_is_an_error()
    {
        var bytes = File.ReadAllBytes(Save(_model));
        var path = Path.Combine(_folder.FullName, "half.zip");
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        Assert.NotNull(LoadError(path));
    }

    private string Save(ITransformer model)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.zip");
        _ml.Model.Save(model, Toy.Rows(_ml, 1).Schema, path);
        return path;
    }

    // ML.NET wraps what a loader throws; the first cause is ours.
    private static Exception LoadError(string path) => Record.Exception(() => new MLContext().Model.Load(path, out _))!.GetBaseException();

    private static Dictionary<string, byte[]> Entries(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var stream = entry.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        });
    }

    private static string Change(string path, Action<Dictionary<string, byte[]>, string> change, string name)
    {
        var entries = Entries(path);
        change(entries, entries.Keys.Single(entry => entry.EndsWith(name, StringComparison.Ordinal)));
        File.Delete(path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (entry, bytes) in entries)
        {
            using var stream = zip.CreateEntry(entry).Open();
            stream.Write(bytes);
        }
        return path;
    }
}
