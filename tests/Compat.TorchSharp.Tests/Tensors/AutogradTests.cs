using System.Runtime.InteropServices;
using TorchSharp;
using static Compat.Tensors.Values;
using static TorchSharp.torch;

namespace Compat.Tensors;

public sealed class AutogradTests
{
    public static TheoryData<string> Functions => ["tanh", "softmax", "matmul", "conv2d", "max_pool2d", "batch_norm", "index"];

    private static Tensor Apply(string name, Tensor x) => name switch
    {
        "tanh" => x.tanh().pow(2).sum(),
        "softmax" => (x.flatten().softmax(0) * arange(x.numel(), float64)).sum(),
        "matmul" => x.flatten(2).matmul(x.flatten(2).transpose(1, 2)).sum(),
        "conv2d" => Op.Call("aten::conv2d", x, ones(1, 2, 3, 3, dtype: float64), Arg.None, 1, 1).pow(2).sum(),
        "max_pool2d" => Op.Call("aten::max_pool2d", x, 2).pow(2).sum(),
        "batch_norm" => Op.Call("aten::batch_norm", x, Arg.None, Arg.None, Arg.None, Arg.None, true, 0.1, 1e-5, false).pow(3).sum(),
        _ => x[TensorIndex.Colon, 1, 1..].exp().sum(),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradients_agree_with_finite_differences(string function)
    {
        using Generator generator = new(3);
        Tensor x = randn(1, 2, 4, 4, dtype: float64, generator: generator);
        Tensor leaf = x.clone().requires_grad_();
        Apply(function, leaf).backward();
        const double step = 1e-5;
        for (int i = 0; i < x.numel(); i += 5)
        {
            Tensor up = x.clone(), down = x.clone();
            up.view(-1)[i] = up.view(-1)[i] + step;
            down.view(-1)[i] = down.view(-1)[i] - step;
            double slope = (Apply(function, up).ToDouble() - Apply(function, down).ToDouble()) / (2 * step);
            Assert.Equal(slope, leaf.grad.flatten()[i].ToDouble(), 1e-5);
        }
    }

    [Fact]
    public void Gradients_add_up_and_can_be_cleared()
    {
        Tensor x = Of(1, 2).requires_grad_();
        (x * x).sum().backward();
        (x * x).sum().backward();
        AreClose([4, 8], x.grad);
        x.grad.zero_();
        AreClose([0, 0], x.grad);
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_gives_gradients_without_storing_them()
    {
        Tensor x = Of(3).requires_grad_(), y = x.pow(3);
        IList<Tensor> first = autograd.grad([y], [x], create_graph: true);
        AreClose([27], first[0]);
        AreClose([18], autograd.grad([first[0]], [x])[0]);
        Assert.Null(x.grad);
        Assert.Null(autograd.grad([x * 2], [Of(1).requires_grad_()], allow_unused: true)[0]);
    }

    [Fact]
    public void A_gradient_can_be_kept_inside_the_graph()
    {
        Tensor x = Of(1, 2).requires_grad_(), y = x * 3;
        y.retain_grad();
        y.backward([Of(1, 10)]);
        AreClose([1, 10], y.grad);
        AreClose([3, 30], x.grad);
    }

    [Fact]
    public void Nothing_is_recorded_under_no_grad_and_inference_mode()
    {
        Tensor x = Of(1).requires_grad_();
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
        }
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }
        Assert.True((x * 2).requires_grad);
        Assert.False(is_inference_mode_enabled());
    }

    [Fact]
    public void A_second_backward_pass_needs_the_graph_kept()
    {
        Tensor x = Of(2).requires_grad_(), y = (x * x).sum();
        y.backward(retain_graph: true);
        y.backward();
        ExternalException error = Assert.Throws<ExternalException>(() => y.backward());
        Assert.StartsWith("Trying to backward through the graph a second time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Detached_tensors_end_the_graph()
    {
        Tensor x = Of(2).requires_grad_();
        Assert.False(x.detach().requires_grad);
        Assert.True(x.is_leaf);
        Assert.False((x * 1).is_leaf);
        ExternalException error = Assert.Throws<ExternalException>(() => x.detach().backward());
        Assert.Contains("does not require grad", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Anomalies_are_looked_for_while_the_mode_lives()
    {
        using (autograd.detect_anomaly(check_nan: false))
        {
            Assert.True(AnomalyMode.IsEnabled);
            Assert.False(AnomalyMode.ShouldCheckNaN);
            using (autograd.set_detect_anomaly(false)) Assert.False(AnomalyMode.IsEnabled);
            Assert.True(AnomalyMode.IsEnabled);
        }
        Assert.False(AnomalyMode.IsEnabled);
    }
}
