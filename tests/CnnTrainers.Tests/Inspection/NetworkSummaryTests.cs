using CnnTrainers.Tests.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Inspection;

public class NetworkSummaryTests
{
    public static TheoryData<string> GoldenCases => [.. GoldenCase.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void MultiplyAccumulatesAreTorchvisions(string name)
    {
        var golden = GoldenCase.All.Single(one => one.Name == name);
        var summary = NetworkSummary.Of(CnnArchitecture.Get(name), new(golden.Input[1], golden.Input[2], golden.Input[3]), golden.Classes);
        Assert.Equal((golden.MacsPerImage, golden.Parameters), (summary.MultiplyAccumulates, summary.Parameters));
        Assert.Equal(2 * golden.MacsPerImage, summary.Flops);
    }

    [Fact]
    public void TheTextbookShapesOfLeNetCanBeReadOff()
    {
        var summary = NetworkSummary.Of(LeNetVariant.LeNet5, new(1, 32, 32), 10);
        Assert.Equal(
            ["6×28×28", "6×14×14", "16×10×10", "16×5×5", "400", "120", "84", "10"],
            summary.Layers.Where(layer => layer.Kind != "ReLU").Select(layer => layer.OutputText));
        Assert.Equal(61_706, summary.Parameters);
    }

    [Fact]
    public void TheTextbookShapesOfTheSmallDenseNetCanBeReadOff()
    {
        var summary = NetworkSummary.Of(DenseNetVariant.DenseNetSmall, new(1, 224, 224), 10);
        Assert.Equal(
            ["192×56×56", "96×28×28", "224×28×28", "112×14×14", "240×14×14", "120×7×7", "248×7×7"],
            summary.Layers.Where(layer => layer.Depth == 2 && (layer.Kind == "DenseBlock" || layer.Name.Contains("transition"))).Select(layer => layer.OutputText));
    }

    [Fact]
    public void TheTextbookShapesOfResNet18CanBeReadOff()
    {
        var summary = NetworkSummary.Of(ResNetVariant.ResNet18, new(1, 96, 96), 10);
        string[] lines = ["maxpool", "layer1", "layer2", "layer3", "layer4", "avgpool", "fc"];
        Assert.Equal(
            ["64×24×24", "64×24×24", "128×12×12", "256×6×6", "512×3×3", "512×1×1", "10"],
            summary.Layers.Where(layer => lines.Contains(layer.Name)).Select(layer => layer.OutputText));
        Assert.Equal(11_175_370, summary.Parameters);
    }

    [Fact]
    public void LayersStandInTheOrderOfTheNetworkContainersFirst()
    {
        var names = NetworkSummary.Of(ResNetVariant.ResNet18, new(1, 32, 32), 10).Layers.Select(layer => layer.Name).ToList();
        Assert.Equal(["conv1", "bn1", "maxpool", "layer1", "layer1.0", "layer1.0.conv1", "layer1.0.bn1"], names[..7]);
        Assert.Equal("fc", names[^1]);
    }

    [Fact]
    public void ContainersAddUpWhatIsInThem()
    {
        var summary = NetworkSummary.Of(ResNetVariant.ResNet18, new(1, 32, 32), 10);
        foreach (var layers in (IEnumerable<LayerSummary>[])[[.. summary.Layers.Where(l => l.IsLeaf)], [.. summary.Layers.Where(l => l.Depth == 1)]])
        {
            Assert.Equal(summary.Parameters, layers.Sum(layer => layer.Parameters));
            Assert.Equal(summary.MultiplyAccumulates, layers.Sum(layer => layer.MultiplyAccumulates));
        }
    }

    [Fact]
    public void ActivationsAreWhatLayersAddToMemory()
    {
        // conv1, pool1, conv2, pool2, fc1, fc2, fc3; the ReLUs work in place and flatten only looks at the same values.
        var summary = NetworkSummary.Of(LeNetVariant.LeNet5, new(1, 32, 32), 10);
        Assert.Equal(6 * 28 * 28 + 6 * 14 * 14 + 16 * 10 * 10 + 16 * 5 * 5 + 120 + 84 + 10, summary.ActivationValues);
        Assert.Equal(4 * 64 * summary.ActivationValues, summary.ActivationBytes(64));
        Assert.Equal(4 * 61_706, summary.ParameterBytes);
    }

    [Fact]
    public void MeasuringLeavesTheNetworkAsItWas()
    {
        using var network = ResNetVariant.ResNet18.CreateNetwork(new(1, 32, 32), 10);
        var (live, before) = (LiveTensors.Settled(), network.state_dict()["bn1.num_batches_tracked"].item<long>());
        NetworkSummary.Of(network, new(1, 32, 32));
        Assert.True(network.training);
        Assert.Equal((live, before), (Tensor.TotalCount, network.state_dict()["bn1.num_batches_tracked"].item<long>()));
    }
}
