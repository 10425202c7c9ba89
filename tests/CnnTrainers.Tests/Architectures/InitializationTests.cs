using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

public class InitializationTests
{
    // Standard deviations that torchvision's initialisation gives: He's by fan-out or fan-in, uniform within a bound b: b/√3, or as written.
    public static TheoryData<string, string, double> Deviations => new()
    {
        { "resnet18", "layer2.0.conv1.weight", Math.Sqrt(2.0 / (128 * 9)) },
        { "resnet18", "fc.weight", 1 / Math.Sqrt(3 * 512.0) },
        { "densenet121", "features.transition1.conv.weight", Math.Sqrt(2.0 / 256) },
        { "vgg11", "classifier.3.weight", 0.01 },
        { "squeezenet1_1", "features.3.expand3x3.weight", Math.Sqrt(2.0 / (16 * 9)) },
        { "squeezenet1_1", "classifier.1.weight", 0.01 },
        { "googlenet", "conv3.conv.weight", 0.01 },
        { "mnasnet1_0", "classifier.1.weight", Math.Sqrt(1.0 / 10) },
        { "shufflenet_v2_x1_0", "conv5.0.weight", 1 / Math.Sqrt(3 * 464.0) },
    };

    [Theory]
    [MemberData(nameof(Deviations))]
    public void WeightsAreDrawnAsTorchvisionDrawsThem(string name, string entry, double deviation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = CnnArchitecture.Get(name).CreateNetwork(new(3, 64, 64), 10, generator);
        var weight = NetworkState.Entries(network).Single(one => one.Name == entry).Value;
        Assert.Equal(0, weight.mean().item<float>(), deviation * 0.1);
        Assert.Equal(deviation, weight.std().item<float>(), deviation * 0.05);
    }

    [Fact]
    public void NormsStartAsTheIdentity()
    {
        using var scope = NewDisposeScope();
        using var network = ResNetVariant.ResNet18.CreateNetwork(new(3, 64, 64), 10);
        var state = NetworkState.Entries(network).ToDictionary(entry => entry.Name, entry => entry.Value);
        Assert.Equal((1f, 1f, 0f), (state["bn1.weight"].min().item<float>(), state["bn1.weight"].max().item<float>(), state["bn1.bias"].abs().max().item<float>()));
    }

    // A ReLU stands behind their logits: a class that is 0 for every image would never be learned.
    [Theory]
    [InlineData("nin")]
    [InlineData("squeezenet1_1")]
    public void EveryClassIsOpenInTheBeginning(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = CnnArchitecture.Get(name).CreateNetwork(new(3, 67, 67), 10, generator);
        network.eval();
        using var noGrad = no_grad();
        var logits = network.call(randn([16, 3, 67, 67], generator: generator));
        Assert.All(logits.mean([0]).data<float>().ToArray(), mean => Assert.True(mean > 0));
    }

    [Fact]
    public void OneGeneratorSeedGivesOneNetwork()
    {
        float[] Weights(ulong seed)
        {
            using var generator = new Generator(seed);
            using var network = LeNetVariant.LeNet5.CreateNetwork(new(1, 32, 32), 10, generator);
            return [.. network.parameters().SelectMany(parameter => parameter.detach().data<float>().ToArray())];
        }
        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));
    }

    [Fact]
    public void ACustomNetworkKeepsItsWeightsWhereAsked()
    {
        static nn.Module<Tensor, Tensor> Seven(ImageShape shape, int classes)
        {
            var linear = nn.Linear(shape.Size, classes);
            nn.init.constant_(linear.weight, 7);
            return nn.Sequential(nn.Flatten(), linear);
        }
        using var kept = new CustomArchitecture("own", Seven) { DrawWeights = false }.CreateNetwork(new(1, 2, 2), 3);
        using var drawn = new CustomArchitecture("own", Seven).CreateNetwork(new(1, 2, 2), 3);
        Assert.All(kept.parameters().First().detach().data<float>().ToArray(), value => Assert.Equal(7, value));
        Assert.All(drawn.parameters().First().detach().data<float>().ToArray(), value => Assert.InRange(value, -0.5f, 0.5f));
    }
}
