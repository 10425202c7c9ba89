using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

/// <summary>Counts of the thread's dispose scopes: other tests on other threads do not touch them.</summary>
public class LifetimeTests
{
    [Fact]
    public void ATrainingStepKeepsNothingOfItsOwn()
    {
        using var net = new SmallNet();
        using var optimizer = optim.SGD(net.parameters(), 0.1, momentum: 0.9, weight_decay: 1e-4, nesterov: true);
        Step(net, optimizer);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++) Step(net, optimizer);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Step(SmallNet net, optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        functional.cross_entropy(net.call(rand(4, 1, 6, 6)), tensor(new long[] { 0, 1, 2, 0 })).backward();
        optimizer.step();
    }

    [Fact]
    public void EvaluationInAScopeLeavesOneResult()
    {
        using var chain = Sequential(Conv2d(1, 2, 3), BatchNorm2d(2), ReLU(inplace: true), MaxPool2d(2), Flatten(), Dropout(), Linear(8, 2));
        chain.eval();
        using var guard = no_grad();
        using var input = zeros(1, 1, 6, 6);
        using var scope = NewDisposeScope();
        chain.call(input);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void OneModuleEvaluatesOnManyThreads()
    {
        using var net = new SmallNet();
        net.eval();
        using var input = rand(2, 1, 8, 8);
        using var expected = Evaluate(net, input);
        Parallel.For(0, 16, _ =>
        {
            using var scores = Evaluate(net, input);
            Assert.True(scores.Equals(expected));
        });
    }

    private static Tensor Evaluate(SmallNet net, Tensor input)
    {
        using var guard = no_grad();
        return net.call(input);
    }
}
