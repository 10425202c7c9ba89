using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

/// <summary>The shapes that textbooks print, layer by layer.</summary>
public class TextbookShapesTests
{
    [Fact]
    public void LeNet5()
    {
        using var network = LeNetVariant.LeNet5.CreateNetwork(new(1, 32, 32), 10);
        Assert.Equal(61_706, NetworkState.ParameterCount(network));
        Assert.Equal(
            ["6x28x28", "6x14x14", "16x10x10", "16x5x5", "400", "120", "84", "10"],
            Shapes(network, zeros(1, 1, 32, 32)).Where(layer => !layer.Name.StartsWith("relu")).Select(layer => layer.Shape));
    }

    [Fact]
    public void DenseNetSmall()
    {
        using var network = DenseNetVariant.DenseNetSmall.CreateNetwork(new(1, 224, 224), 10);
        var features = (nn.Module<Tensor, Tensor>)network.named_children().Single(child => child.name == "features").module;
        Assert.Equal(
            ["192x56x56", "96x28x28", "224x28x28", "112x14x14", "240x14x14", "120x7x7", "248x7x7"],
            Shapes(features, zeros(1, 1, 224, 224)).Where(layer => layer.Name.StartsWith("dense") || layer.Name.StartsWith("trans")).Select(layer => layer.Shape));
    }

    [Fact]
    public void ADenseBlockAddsItsGrowthAndATransitionHalvesTheSize()
    {
        using var scope = NewDisposeScope();
        var dense = new DenseBlock(3, 2, 10, 0).call(rand(4, 3, 8, 8));
        Assert.Equal([4, 23, 8, 8], dense.shape);
        Assert.Equal([4, 10, 4, 4], new Transition(23, 10).call(dense).shape);
    }

    [Fact]
    public void ResNet18WithOneChannelAndTenClassesHasItsTextbookCount()
    {
        using var network = ResNetVariant.ResNet18.CreateNetwork(new(1, 64, 32), 10);
        Assert.Equal(11_175_370, NetworkState.ParameterCount(network));
    }

    [Fact]
    public void APlainNetworkIsItsResidualTwinWithoutProjections()
    {
        using var plain = ResNetVariant.Plain18.CreateNetwork(new(1, 32, 32), 10);
        using var residual = ResNetVariant.ResNet18.CreateNetwork(new(1, 32, 32), 10);
        Assert.Equal(
            NetworkState.Entries(residual).Select(entry => entry.Name).Where(name => !name.Contains("downsample")),
            NetworkState.Entries(plain).Select(entry => entry.Name));
    }

    private static List<(string Name, string Shape)> Shapes(nn.Module<Tensor, Tensor> sequence, Tensor x)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var shapes = new List<(string, string)>();
        foreach (var (name, layer) in sequence.named_children())
        {
            x = ((nn.Module<Tensor, Tensor>)layer).call(x);
            shapes.Add((name, string.Join("x", x.shape.Skip(1))));
        }
        return shapes;
    }
}
