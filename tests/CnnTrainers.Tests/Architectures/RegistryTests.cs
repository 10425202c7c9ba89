using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

/// <summary>What holds for every architecture there is: a new variant is covered the day it is written.</summary>
public class RegistryTests
{
    public static TheoryData<string> Names => [.. CnnArchitecture.All.Select(architecture => architecture.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void CostAndOutputAtTheDefaultShape(string name)
    {
        var summary = NetworkSummary.Of(CnnArchitecture.Get(name));
        Assert.Equal(ParameterCounts.Expected[name], summary.Parameters);
        Assert.Equal(new(summary.Parameters, summary.MultiplyAccumulates), ArchitectureCost.Of(CnnArchitecture.Get(name)));
        Assert.Equal([1000], summary.Layers[^1].OutputShape);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EvaluationAtTheMinimumSizeRepeatsAndFreesItsTensors(string name)
    {
        var (architecture, size) = (CnnArchitecture.Get(name), CnnArchitecture.Get(name).MinimumSize);
        using var generator = new Generator(1);
        using var network = architecture.CreateNetwork(new(4, size, size + 3), 7, generator);
        network.eval();
        using var noGrad = no_grad();
        using var images = randn([2, 4, size, size + 3], generator: generator);
        using var first = network.call(images);
        Assert.Equal([2, 7], first.shape);
        var live = LiveTensors.Settled();
        using (var second = network.call(images))
            Assert.Equal(first.data<float>().ToArray(), second.data<float>().ToArray());
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void BelowTheMinimumSizeTheErrorNamesIt(string name)
    {
        var (architecture, size) = (CnnArchitecture.Get(name), CnnArchitecture.Get(name).MinimumSize);
        var error = Assert.ThrowsAny<ArgumentException>(() => architecture.CreateNetwork(new(3, size, size - 1), 10));
        Assert.Contains(size == 1 ? "positive" : $"{size}x{size}", error.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TrainingReachesEveryParameter(string name)
    {
        using var scope = NewDisposeScope();
        var architecture = CnnArchitecture.Get(name);
        var shape = new ImageShape(1, Math.Max(33, architecture.MinimumSize), Math.Max(33, architecture.MinimumSize));
        using var generator = new Generator(1);
        using var network = architecture.CreateNetwork(shape, 3, generator);
        foreach (var dropout in network.modules().OfType<Dropout>())
            dropout.Generator = generator;
        var images = randn([4, shape.Channels, shape.Height, shape.Width], generator: generator);
        nn.functional.cross_entropy(network.call(images), tensor(new long[] { 0, 1, 2, 0 })).backward();
        Assert.All(network.named_parameters(), entry =>
        {
            var size = entry.parameter.grad?.abs().sum().item<float>() ?? 0;
            Assert.True(size > 0 && float.IsFinite(size), $"{entry.name}: {size}");
        });
    }

    [Fact]
    public void NamesAreUnique() => Assert.Equal(CnnArchitecture.All.Count, CnnArchitecture.All.DistinctBy(one => one.Name.ToLowerInvariant()).Count());

    [Fact]
    public void AnUnknownNameBringsSimilarOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => CnnArchitecture.Get("resnet19"));
        Assert.Contains("'resnet19'", error.Message);
        Assert.Contains("resnet18", error.Message);
        Assert.False(CnnArchitecture.TryGet("resnet19", out _));
        Assert.True(CnnArchitecture.TryGet("ResNet18", out var found));
        Assert.Same(ResNetVariant.ResNet18, found);
    }

    [Fact]
    public void OneClassIsTooFew() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ResNetVariant.ResNet18.CreateNetwork(new(3, 32, 32), 1));

    [Fact]
    public void BuildingWithAGeneratorLeavesTheGlobalOneAlone()
    {
        using var before = Generator.Default.get_state();
        using var generator = new Generator(3);
        using var network = ResNetVariant.ResNet18.CreateNetwork(new(3, 32, 32), 10, generator);
        using var after = Generator.Default.get_state();
        Assert.Equal(before.data<byte>().ToArray(), after.data<byte>().ToArray());
    }

    [Fact]
    public void AVariantOfOnesOwnSaysOnlyWhatDiffers()
    {
        using var network = (ResNetVariant.ResNet50 with { Name = "resnet26", Blocks = [2, 2, 2, 2] }).CreateNetwork(new(3, 32, 32), 10);
        Assert.Equal(26, network.named_parameters().Count(entry => entry.parameter.dim() != 1 && !entry.name.Contains("downsample")));
    }
}
