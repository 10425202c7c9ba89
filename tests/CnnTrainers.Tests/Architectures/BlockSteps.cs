using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

/// <summary>A block's step in training, for comparisons of two ways to the same numbers.</summary>
internal static class BlockSteps
{
    /// <summary>The output, the gradients of the input and of the parameters, and the norms' averages.</summary>
    public static Tensor[] Step(nn.Module block, Func<Tensor, Tensor> forward, Tensor input)
    {
        foreach (var norm in block.modules().OfType<BatchNorm2d>())
            norm.reset_running_stats();
        block.zero_grad();
        var x = input.detach().requires_grad_();
        var y = forward(x);
        (y * y.detach().cos()).sum().backward();
        return [y.detach(), x.grad!, .. block.parameters().Select(parameter => parameter.grad!.clone()), .. block.buffers().Select(buffer => buffer.clone())];
    }

    /// <summary>Within so much of the largest number.</summary>
    public static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        var (wanted, got) = (expected.to(ScalarType.Float64), actual.to(ScalarType.Float64));
        Assert.InRange((wanted - got).abs().max().item<double>(), 0, tolerance * wanted.abs().max().item<double>());
    }

    public static void AssertAStepLeavesNoTensor(CnnArchitecture architecture)
    {
        using var generator = new Generator(1);
        using var network = architecture.CreateNetwork(new(3, 32, 32), 4, generator);
        using var images = randn([4, 3, 32, 32], generator: generator);
        Step();
        var live = LiveTensors.Settled();
        Step();
        Assert.Equal(live, Tensor.TotalCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            network.call(ChannelsLast(images)).pow(2).sum().backward();
        }
    }

    public static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).detach();
}
