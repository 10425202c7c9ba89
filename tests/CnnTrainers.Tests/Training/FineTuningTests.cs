using CnnTrainers.Architectures;
using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public sealed class FineTuningTests : IDisposable
{
    private static readonly ResNetVariant Small = ResNetVariant.ResNet18 with { Blocks = [1, 1, 1, 1] };
    private readonly string _folder = Directory.CreateTempSubdirectory("cnn-fine-tuning-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void FrozenLayersKeepEveryBitOfWeightsAndStatisticsAndTheOthersChange()
    {
        using var images = Toy.Images(24);
        var (path, before) = Weights(classes: 2);
        using var network = Toy.Fit(images, Toy.Options with { InitialWeights = path, TrainableFrom = "layer3" }, architecture: Small).Network;
        var after = State(network);
        foreach (var (name, values) in before)
        {
            var frozen = !name.StartsWith("layer3") && !name.StartsWith("layer4") && !name.StartsWith("fc");
            Assert.True(frozen == values.AsSpan().SequenceEqual(after[name]), name);
        }
        Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Theory]
    [InlineData("head")]
    [InlineData("fc")]
    public void WithTheHeadAloneTheBodyRunsOncePerImage(string from)
    {
        using var images = Toy.Images(21);
        using var others = Toy.Images(6, seed: 3);
        var seen = 0L;
        var lines = new List<string>();
        var options = Toy.Options with { Epochs = 4, TrainableFrom = from };
        using var network = Toy.Fit(images, options, architecture: Counting(count => seen += count), validation: others, log: lines.Add).Network;
        Assert.Equal(21 + 6, seen);
        Assert.Contains(lines, line => line.Contains("512 values for each of 27 images"));
    }

    [Fact]
    public void RandomChangesOfTheImagesRunTheBodyInEveryEpoch()
    {
        using var images = Toy.Images(16);
        var seen = 0L;
        var lines = new List<string>();
        var options = Toy.Options with { Epochs = 3, TrainableFrom = "head", RandomHorizontalFlip = true };
        using var network = Toy.Fit(images, options, architecture: Counting(count => seen += count), log: lines.Add).Network;
        Assert.Equal(3 * 16, seen);
        Assert.Contains(lines, line => line.Contains("images are changed at random"));
    }

    [Fact]
    public void TheHeadAloneLearnsAndNothingElseChanges()
    {
        using var images = Toy.Images(60);
        var (path, before) = Weights(classes: 2);
        var result = Toy.Fit(images, Toy.Options with { Epochs = 6, InitialWeights = path, TrainableFrom = "head" }, architecture: Small);
        using var network = result.Network;
        Assert.True(result.Summary.History[^1].TrainAccuracy > 0.9, $"accuracy {result.Summary.History[^1].TrainAccuracy}");
        Assert.Equal(["fc.bias", "fc.weight"], State(network).Where(entry => !before[entry.Key].AsSpan().SequenceEqual(entry.Value)).Select(entry => entry.Key).Order());
    }

    [Fact]
    public void KeptFeaturesTrainTheHeadAsRunningTheBodyInEveryEpochDoes()
    {
        using var images = Symmetric(20);
        var (path, _) = Weights(classes: 2);
        var options = Toy.Options with { InitialWeights = path, TrainableFrom = "head" };
        using var kept = Toy.Fit(images, options, architecture: Small).Network;
        // Mirroring asks for the body in every epoch, and changes nothing in these images.
        using var run = Toy.Fit(images, options with { RandomHorizontalFlip = true }, architecture: Small).Network;
        var pairs = Toy.Weights(kept).Zip(Toy.Weights(run));
        Assert.All(pairs, pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void OneSeedGivesTheSameHeadBitForBit()
    {
        using var images = Toy.Images(30);
        float[] Fit(int seed)
        {
            using var network = Toy.Fit(images, Toy.Options with { TrainableFrom = "head", ValidationFraction = 0.2 }, seed, Small).Network;
            return Toy.Weights(network);
        }
        var first = Fit(1);
        Assert.Equal(first, Fit(1));
        Assert.NotEqual(first, Fit(2));
    }

    [Fact]
    public void KeptFeaturesGoToAFilePastTheBudget()
    {
        using var images = Toy.Images(40);
        // The store's smallest chunk is 1 MiB; 64 maps of 16×16 for 40 images take 2.5 MiB.
        using var network = nn.Sequential(("conv", nn.Conv2d(1, 64, 3, padding: 1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(64 * 256, 2)));
        var body = new FrozenBody(network, Normalization.Identity(1), Toy.Options with { TemporaryFolder = _folder });
        using var spilled = body.Compute(new(images), budget: 0);
        using var kept = body.Compute(new(images), budget: 1 << 24);
        Assert.Equal((true, false), (spilled!.IsSpilled, kept!.IsSpilled));
        var (fromFile, fromMemory) = (new float[64 * 256], new float[64 * 256]);
        spilled.CopyTo(3, fromFile);
        kept.CopyTo(3, fromMemory);
        Assert.Equal(fromMemory, fromFile);
    }

    [Fact]
    public void AHeadOfOtherClassesStartsAnew()
    {
        using var images = Toy.Images(16);
        var (path, before) = Weights(classes: 5);
        var lines = new List<string>();
        using var network = Toy.Fit(images, Toy.Options with { InitialWeights = path, TrainableFrom = "head" }, architecture: Small, log: lines.Add).Network;
        Assert.Equal(before["layer4.0.conv1.weight"], State(network)["layer4.0.conv1.weight"]);
        Assert.Equal(2 * 512 * sizeof(float), State(network)["fc.weight"].Length);
        Assert.Contains(lines, line => line.Contains("fc.weight, fc.bias start anew"));
    }

    [Fact]
    public void WeightsThatDoNotFitAreListed()
    {
        using var images = Toy.Images(16);
        var (path, _) = Weights(classes: 2);
        var error = Assert.Throws<InvalidDataException>(() => Toy.Fit(images, Toy.Options with { InitialWeights = path }, architecture: ResNetVariant.ResNet18));
        Assert.Contains("layer1.1.conv1.weight is missing", error.Message);
        Assert.Matches(@"\n- and \d+ more$", error.Message);
    }

    [Fact]
    public void AMissingFileOfWeightsIsNamed()
    {
        using var images = Toy.Images(16);
        var error = Assert.Throws<FileNotFoundException>(() => Toy.Fit(images, Toy.Options with { InitialWeights = "nowhere.pth" }));
        Assert.Contains("'nowhere.pth'", error.Message);
    }

    [Fact]
    public void LiveTensorsReturnToTheirCount()
    {
        using var images = Toy.Images(30);
        var (path, _) = Weights(classes: 3);
        var options = Toy.Options with { InitialWeights = path, TrainableFrom = "head", ValidationFraction = 0.3 };
        Toy.Fit(images, options, architecture: Small).Network.Dispose();
        var live = LiveTensors.Settled();
        Toy.Fit(images, options, architecture: Small).Network.Dispose();
        LiveTensors.AssertNoneSince(live, parametersMade: 38);
    }

    [Fact]
    public void AuxiliaryHeadsAreOffWhereLayersAreFrozen()
    {
        using var network = (GoogLeNetVariant.GoogLeNet with { AuxiliaryHeads = true }).CreateBlankNetwork(new(3, 32, 32), 2);
        new TrainableLayers(network, new() { TrainableFrom = "inception5b" }).SetTraining();
        using var scope = NewDisposeScope();
        network.call(rand(2, 3, 32, 32));
        Assert.Empty(((IAuxiliaryHeads)network).AuxiliaryLogits);
    }

    private (string Path, Dictionary<string, byte[]> State) Weights(int classes)
    {
        using var generator = new Generator(11);
        using var network = Small.CreateNetwork(new(1, 16, 16), classes, generator);
        var path = Path.Combine(_folder, $"weights{classes}.safetensors");
        CnnWeights.Save(network, path);
        return (path, State(network));
    }

    private static PixelStore Symmetric(int count)
    {
        var (store, random, pixels) = (new PixelStore(new(1, 16, 16), 1 << 24), new Random(4), new byte[256]);
        for (var i = 0; i < count; i++)
        {
            for (var p = 0; p < pixels.Length; p++)
                pixels[p] = p % 16 < 8 ? (byte)random.Next(100 + 100 * (i % 2)) : pixels[p / 16 * 16 + 15 - p % 16];
            store.Add(pixels, i % 2);
        }
        return store;
    }

    private static Dictionary<string, byte[]> State(nn.Module network)
    {
        using var scope = NewDisposeScope();
        return NetworkState.Entries(network).ToDictionary(entry => entry.Name, entry => entry.Value.detach().contiguous().bytes.ToArray());
    }

    // The small network, telling how many images its first layer sees.
    private static CustomArchitecture Counting(Action<long> count) => new("counting", (shape, classes) =>
    {
        var network = Small.CreateBlankNetwork(shape, classes);
        var first = (nn.Module<Tensor, Tensor>)network.named_children().First().Item2;
        first.register_forward_hook((_, input, output) =>
        {
            count(input.shape[0]);
            return output;
        });
        return network;
    });
}
