using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

public class DefaultLearningRateTests
{
    [Theory]
    [InlineData("resnet18", 0.05, 0.001)]
    [InlineData("mobilenet_v2", 0.05, 0.001)]
    [InlineData("vgg16_bn", 0.005, 0.0003)]
    [InlineData("lenet5", 0.05, 0.005)]
    [InlineData("alexnet", 0.02, 0.0005)]
    [InlineData("alexnet_bn", 0.02, 0.0005)]
    [InlineData("nin", 0.025, 0.001)]
    [InlineData("vgg11", 0.035, 0.0005)]
    [InlineData("vgg19", 0.015, 0.0003)]
    [InlineData("googlenet", 0.05, 0.001)]
    [InlineData("googlenet_2014", 0.015, 0.001)]
    [InlineData("squeezenet1_0", 0.01, 0.001)]
    public void TheRateIsTheFamilys(string name, double sgd, double adamW)
    {
        var architecture = CnnArchitecture.Get(name);
        Assert.Equal(sgd, architecture.DefaultLearningRate(CnnOptimizer.Sgd), 1e-12);
        Assert.Equal(adamW, architecture.DefaultLearningRate(CnnOptimizer.AdamW), 1e-12);
    }

    [Fact]
    public void ANetworkOfOnesOwnTakesTheOptimizersRate()
    {
        var own = new CustomArchitecture("own", (_, classes) => nn.Linear(4, classes));
        Assert.All(CnnOptimizer.All, optimizer => Assert.Equal(optimizer.DefaultLearningRate, own.DefaultLearningRate(optimizer)));
    }

    [Fact]
    public void VariantsWithoutTheirNormsTakeALowerRate() =>
        Assert.True((VggVariant.Vgg11BatchNorm with { BatchNorm = false }).DefaultLearningRate(CnnOptimizer.Sgd) < CnnOptimizer.Sgd.DefaultLearningRate);
}
