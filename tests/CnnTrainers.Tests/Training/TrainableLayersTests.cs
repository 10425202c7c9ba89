using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class TrainableLayersTests
{
    public static TheoryData<string> Families => [.. CnnArchitecture.All.GroupBy(one => one.GetType()).Select(family => family.First().Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void EveryFamilySplitsIntoABodyAndAHeadThatGivesItsLogits(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var architecture = CnnArchitecture.Get(name);
        var size = Math.Max(32, architecture.MinimumSize);
        var network = architecture.CreateBlankNetwork(new(3, size, size), 4);
        network.eval();
        Assert.True(new TrainableLayers(network, new() { TrainableFrom = "head" }).IsHeadOnly);
        var head = NetworkHead.Find(network)!;
        var (features, logits) = head.Run(network, rand(2, 3, size, size));
        Assert.True(head.Forward(features!).allclose(logits, 1e-4, 1e-5));
    }

    [Theory]
    [InlineData("resnet18", "conv1, bn1, layer1, layer2, layer3, layer4, fc")]
    [InlineData("densenet_small", "features.conv0, features.norm0, features.denseblock1, features.transition1, features.denseblock2, features.transition2, features.denseblock3, features.transition3, features.denseblock4, features.norm5, classifier")]
    [InlineData("lenet5", "conv1, conv2, fc1, fc2, fc3")]
    public void AnUnknownNameListsTheStages(string architecture, string stages)
    {
        using var network = CnnArchitecture.Get(architecture).CreateBlankNetwork(new(1, 32, 32), 3);
        var error = Assert.Throws<ArgumentException>(() => new TrainableLayers(network, new() { TrainableFrom = "layer9" }));
        Assert.Contains("'layer9'", error.Message);
        Assert.Contains($"a stage ({stages})", error.Message);
    }

    [Fact]
    public void AStageOrALayerInsideOneDividesTheParameters()
    {
        using var network = ResNetVariant.ResNet18.CreateBlankNetwork(new(3, 32, 32), 2);
        string[] FrozenWith(string from)
        {
            var layers = new TrainableLayers(network, new() { TrainableFrom = from });
            Assert.Equal(network.parameters().Count(), layers.Frozen.Count + layers.Trained.Count);
            return [.. network.named_parameters().Where(entry => layers.Frozen.Contains(entry.parameter)).Select(entry => entry.name)];
        }
        Assert.All(FrozenWith("layer2"), name => Assert.Matches("^(conv1|bn1|layer1)", name));
        Assert.Equal(15, FrozenWith("layer2").Length);
        Assert.Contains("layer4.0.bn2.bias", FrozenWith("layer4.1"));
        Assert.DoesNotContain("layer4.1.conv1.weight", FrozenWith("layer4.1"));
        Assert.Empty(FrozenWith("conv1"));
    }

    [Fact]
    public void OnlyTrainedLayersAreInTrainingMode()
    {
        using var network = ResNetVariant.ResNet18.CreateBlankNetwork(new(3, 32, 32), 2);
        new TrainableLayers(network, new() { TrainableFrom = "layer4" }).SetTraining();
        var modes = NetworkLayers.All(network).ToDictionary(layer => layer.Name, layer => layer.Module.training);
        Assert.Equal((false, false, false, true, true), (modes["bn1"], modes["layer1.0.bn1"], modes["layer3.1.bn2"], modes["layer4.0.bn1"], modes["fc"]));
        Assert.False(network.training);
        new TrainableLayers(network, new()).SetTraining();
        Assert.All(NetworkLayers.All(network), layer => Assert.True(layer.Module.training));
    }

    [Fact]
    public void EarlierStagesLearnAtLowerRates()
    {
        using var network = ResNetVariant.ResNet18.CreateBlankNetwork(new(3, 32, 32), 2);
        var layers = new TrainableLayers(network, new() { LayerwiseLearningRateDecay = 0.5 });
        var factors = network.named_parameters().ToDictionary(entry => entry.name, entry => layers.Trained.Single(one => ReferenceEquals(one.Parameter, entry.parameter)).RateFactor);
        Assert.Equal((1, 0.5, 0.25), (factors["fc.bias"], factors["layer4.1.conv2.weight"], factors["layer3.0.downsample.0.weight"]));
        Assert.Equal((1.0 / 32, 1.0 / 32), (factors["conv1.weight"], factors["bn1.weight"]));
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void TheOptimizerHasTheRatesOfItsStages(string name)
    {
        using var network = DenseNetVariant.DenseNetSmall.CreateBlankNetwork(new(3, 32, 32), 2);
        var options = new CnnTrainerOptions { LayerwiseLearningRateDecay = 0.5, TrainableFrom = "features.denseblock4" };
        using var optimizer = CnnOptimizer.Get(name).Create(new TrainableLayers(network, options).Trained, 0.8, options);
        Assert.Equal([0.8, 0.8, 0.4, 0.4], optimizer.Groups.Select(group => group.Rate));
    }
}
