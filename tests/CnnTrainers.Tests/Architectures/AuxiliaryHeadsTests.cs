using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

public class AuxiliaryHeadsTests
{
    public static TheoryData<string, int, int> Networks => new() { { "googlenet", 2, 32 }, { "inception_v3", 1, 75 } };

    [Theory]
    [MemberData(nameof(Networks))]
    public void TheyClassifyInTrainingOnlyAndGetGradients(string name, int heads, int size)
    {
        using var scope = NewDisposeScope();
        using var network = WithHeads(name).CreateNetwork(new(1, size, size), 5);
        using var images = rand(2, 1, size, size);
        var logits = network.call(images);
        var auxiliary = ((IAuxiliaryHeads)network).AuxiliaryLogits;
        Assert.Equal(Enumerable.Repeat("2x5", heads), auxiliary.Select(one => string.Join("x", one.shape)));
        auxiliary.Aggregate(logits.sum(), (sum, one) => sum + one.pow(2).sum()).backward();
        Assert.All(network.named_parameters(), entry => Assert.False(entry.parameter.grad is null, entry.name));
        network.eval();
        using var noGrad = no_grad();
        network.call(images);
        Assert.Empty(((IAuxiliaryHeads)network).AuxiliaryLogits);
    }

    [Fact]
    public void TheirStateComesBeforeTheClassifierAsInTorchvision()
    {
        using var network = WithHeads("googlenet").CreateBlankNetwork(new(3, 32, 32), 1000);
        Assert.Equal(13_004_888, NetworkState.ParameterCount(network));
        var names = NetworkState.Entries(network).Select(entry => entry.Name).ToList();
        Assert.Equal("fc.weight", names[^2]);
        Assert.Contains("aux1.conv.conv.weight", names);
        using var inception = WithHeads("inception_v3").CreateBlankNetwork(new(3, 75, 75), 1000);
        Assert.Equal(27_161_264, NetworkState.ParameterCount(inception));
    }

    private static CnnArchitecture WithHeads(string name) => CnnArchitecture.Get(name) switch
    {
        GoogLeNetVariant variant => variant with { AuxiliaryHeads = true },
        InceptionV3Variant variant => variant with { AuxiliaryHead = true },
        var other => throw new ArgumentException(other.Name),
    };
}
