using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Net = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace CnnTrainers.Tests.Own;

/// <summary>Networks of one's own in files, and files that begin one.</summary>
public sealed class OwnNetworkFileTests : IDisposable
{
    private static readonly CnnTrainerOptions _options = Toy.Options with { Mean = [99, 98, 97], Std = [50, 51, 52] };
    private static readonly CnnTrainerOptions _still = _options with { Epochs = 1, LearningRate = 1e-30 }; // what comes out is what went in
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnn-own-");
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _log = [];

    public OwnNetworkFileTests() => _ml.Log += (_, entry) => _log.Add(entry.Message);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_model_of_a_lambda_is_saved_says_so_when_it_is_loaded_and_gives_its_weights()
    {
        var rows = Toy.Rows(_ml, 24);
        var model = Toy.Pipeline(_ml, _options, new CustomArchitecture("mine", (shape, classes) => Small(shape, classes))).Fit(rows);
        var (zip, weights) = (InFolder("model.zip"), InFolder("weights.safetensors"));
        _ml.Model.Save(model, rows.Schema, zip);
        Toy.CnnOf(model).SaveWeights(weights);

        var error = Record.Exception(() => new MLContext().Model.Load(zip, out _));

        Assert.Contains("a lambda, a local function or an instance method, which a file cannot name. Its weights are in the file", error!.ToString());
        Assert.All([zip, weights], file => Assert.Equal(Toy.Scores(model, rows), Toy.Scores(Begun(file, rows), rows)));
    }

    [Fact]
    public void A_model_that_cannot_be_saved_leaves_the_old_file()
    {
        var rows = Toy.Rows(_ml, 12);
        var model = Toy.Pipeline(_ml, _still).Fit(rows);
        var path = InFolder("model.zip");
        _ml.Model.SaveWhole(model, rows.Schema, path);
        var before = File.ReadAllBytes(path);
        Toy.CnnOf(model).Dispose();

        Assert.Throws<ObjectDisposedException>(() => _ml.Model.SaveWhole(model, rows.Schema, path));

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
        Assert.Equal(36, Toy.Scores(new MLContext().Model.Load(path, out _), rows).Length);
    }

    [Fact]
    public void The_outputs_of_a_model_follow_their_classes_into_another_order()
    {
        var rows = Toy.Rows(_ml, 60);
        var first = Toy.Pipeline(_ml, _options).Fit(rows);
        _ml.Model.Save(first, rows.Schema, InFolder("first.zip"));
        var second = Ordered("top", "bottom", "right").Append(_ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, _still with { InitialWeights = InFolder("first.zip") })).Fit(rows);

        var (one, two) = (Scores(first, rows), Scores(second, rows));

        Assert.Equal(["top", "bottom", "right"], second.LastTransformer.ClassNames);
        Assert.All(one.SelectMany(score => new[] { score[2], score[0], score[1] }).Zip(two.SelectMany(score => score)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Contains(_log, line => line.Contains("the outputs are put into the order of the classes"));
    }

    [Fact]
    public void The_outputs_of_other_classes_begin_anew()
    {
        var rows = Toy.Rows(_ml, 24);
        _ml.Model.Save(Toy.Pipeline(_ml, _still).Fit(rows), rows.Schema, InFolder("first.zip"));

        Ordered("top", "bottom", "left").Append(_ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, _still with { InitialWeights = InFolder("first.zip") })).Fit(rows);

        Assert.Contains(_log, line => line.Contains("fc3.weight, fc3.bias start anew: the file has other classes"));
    }

    [Fact]
    public void The_weights_of_a_known_network_begin_its_body_under_another_head()
    {
        using var whole = ResNetVariant.ResNet18.CreateNetwork(new(3, 32, 32), 10);
        using var own = new OnResNet18(new(3, 32, 32), 3);
        CnnWeights.Save(whole, InFolder("whole.safetensors"));

        var anew = CnnWeights.Load(own, InFolder("whole.safetensors"), exceptHead: true);

        Assert.Equal(["head.0.weight", "head.0.bias", "head.2.weight", "head.2.bias"], anew);
        Assert.True(whole.get_parameter("layer4.1.conv2.weight")!.equal(own.get_parameter("layer4.1.conv2.weight")!).all().item<bool>());
    }

    [Fact]
    public void Weights_of_another_network_are_listed_up_to_ten()
    {
        using var whole = ResNetVariant.ResNet18.CreateNetwork(new(3, 32, 32), 10);
        using var other = LeNetVariant.LeNet5.CreateNetwork(new(1, 32, 32), 10);
        CnnWeights.Save(whole, InFolder("whole.safetensors"));

        var message = Assert.Throws<InvalidDataException>(() => CnnWeights.Load(other, InFolder("whole.safetensors"))).Message;

        Assert.Equal(12, message.Split('\n').Length);
        Assert.Matches(@"\n- and \d+ more$", message);
    }

    [Fact]
    public void Weights_without_auxiliary_heads_are_told_as_such()
    {
        var shape = new ImageShape(3, 32, 32);
        using var plain = (GoogLeNetVariant.GoogLeNet with { AuxiliaryHeads = false }).CreateNetwork(shape, 3);
        using var network = (GoogLeNetVariant.GoogLeNet with { AuxiliaryHeads = true }).CreateNetwork(shape, 3);
        CnnWeights.Save(plain, InFolder("plain.safetensors"));

        CnnTrainers.Training.InitialWeights.Load(GoogLeNetVariant.GoogLeNet, network, shape, ["a", "b", "c"], new() { InitialWeights = InFolder("plain.safetensors") }, _log.Add);

        Assert.Contains(_log, line => line.Contains("start anew: the file has no auxiliary heads."));
    }

    [Fact]
    public void A_limit_in_place_that_the_recorded_image_does_not_reach_is_noticed()
    {
        var rows = Toy.Rows(_ml, 12);
        using var model = (IDisposable)Toy.Pipeline(_ml, _still, new CustomArchitecture("limited", (shape, classes) => new Limited(shape, classes))).Fit(rows);

        var error = Assert.Throws<NotSupportedException>(() => Toy.CnnOf((ITransformer)model).SaveOnnx(Stream.Null));

        Assert.Contains("an operation in place outside its layers", error.Message);
    }

    internal static Net Small(ImageShape shape, int classes) => Sequential(
        ("conv", nn.Conv2d(shape.Channels, 8, 3, stride: 2)), ("relu", nn.ReLU()), ("flatten", nn.Flatten()), ("fc", nn.Linear(8 * 7 * 7, classes)));

    private ITransformer Begun(string file, IDataView rows) =>
        Toy.Pipeline(_ml, _still with { InitialWeights = file }, new CustomArchitecture("mine", Small)).Fit(rows);

    private EstimatorChain<Microsoft.ML.Transforms.ValueToKeyMappingTransformer> Ordered(params string[] classes) => new EstimatorChain<Microsoft.ML.Transforms.ValueToKeyMappingTransformer>().Append(
        _ml.Transforms.Conversion.MapValueToKey("Label", keyData: _ml.Data.LoadFromEnumerable(classes.Select(name => new Name { Value = name }))));

    private static List<float[]> Scores(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float[]>("Score")];

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);

    private sealed class Name
    {
        public string Value { get; set; } = "";
    }

    private sealed class Limited : Net
    {
        private readonly Net flatten = nn.Flatten(), fc;

        public Limited(ImageShape shape, int classes) : base("limited")
        {
            fc = nn.Linear(shape.Size, classes);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => fc.call(flatten.call(x)).clamp_(-1000, 1000);
    }

    private sealed class OnResNet18 : Net
    {
        private readonly Net conv1, bn1, layer1, layer2, layer3, layer4, head;

        public OnResNet18(ImageShape shape, int classes) : base("own")
        {
            var parts = ResNetVariant.ResNet18.CreateNetwork(shape, classes).named_children().ToDictionary(part => part.name, part => (Net)part.module);
            (conv1, bn1, layer1, layer2, layer3, layer4) = (parts["conv1"], parts["bn1"], parts["layer1"], parts["layer2"], parts["layer3"], parts["layer4"]);
            head = Sequential(nn.Linear(512, 16), nn.ReLU(), nn.Linear(16, classes));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) =>
            head.call(layer4.call(layer3.call(layer2.call(layer1.call(bn1.call(conv1.call(x)).relu())))).mean([2, 3]));
    }
}
