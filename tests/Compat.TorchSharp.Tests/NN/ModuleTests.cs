using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

public class ModuleTests
{
    private static readonly string[] Names =
    [
        "conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked", "head.3.weight", "head.3.bias",
    ];

    [Fact]
    public void StateDictNamesModuleByModule()
    {
        using var net = new SmallNet();
        Assert.Equal(Names, net.state_dict().Keys);
    }

    [Fact]
    public void ParametersAndBuffersAreNamedByFields()
    {
        using var net = new SmallNet();
        Assert.Equal(Names.Where(n => !n.Contains("running") && !n.Contains("tracked")), net.named_parameters().Select(p => p.name));
        Assert.Equal(Names.Where(n => n.Contains("running") || n.Contains("tracked")), net.named_buffers().Select(b => b.name));
        Assert.Equal(["conv1", "bn1", "head"], net.named_children().Select(c => c.name));
        Assert.Equal(["conv1", "bn1", "head", "head.0", "head.1", "head.2", "head.3"], net.named_modules().Select(m => m.name));
        Assert.All(net.parameters(), p => Assert.True(p.requires_grad && p.is_leaf));
    }

    [Fact]
    public void TrainAndEvalReachEveryModule()
    {
        using var net = new SmallNet();
        net.eval();
        Assert.All(net.modules(), m => Assert.False(m.training));
        net.train();
        Assert.All(net.modules(), m => Assert.True(m.training));
    }

    [Fact]
    public void GetParameterFollowsTheDots()
    {
        using var net = new SmallNet();
        Assert.Equal([3, 4], net.get_parameter("head.3.weight").shape);
        Assert.Equal([4], net.get_buffer("bn1.running_var").shape);
        Assert.Null(net.get_parameter("head.4.weight"));
        Assert.True(net.has_parameter("conv1.weight"));
        Assert.False(net.has_buffer("conv1.weight"));
    }

    [Fact]
    public void ParametersOutliveTheScopeTheyWereMadeIn()
    {
        SmallNet net;
        using (NewDisposeScope()) net = new SmallNet();
        Assert.All(net.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
        net.Dispose();
        Assert.All(net.state_dict().Values, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void ForwardLeavesOnlyItsResultAlive()
    {
        using var net = new SmallNet();
        using var input = rand(2, 1, 8, 8);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        net.call(input);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void DisposalFreesEveryTensor()
    {
        var net = new SmallNet();
        var state = net.state_dict().Values.ToList();
        net.Dispose();
        Assert.All(state, tensor => Assert.True(tensor.IsInvalid));
        net.Dispose();
    }

    [Fact]
    public void ZeroGradClearsOrZeroes()
    {
        using var net = new SmallNet();
        using var input = rand(2, 1, 4, 4);
        net.call(input).sum().backward();
        net.zero_grad(set_to_none: false);
        Assert.All(net.parameters(), p => Assert.Equal(0f, p.grad.abs().sum().item<float>()));
        net.zero_grad();
        Assert.All(net.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void ToKeepsCountersWhole()
    {
        using var net = new SmallNet();
        Assert.Same(net, net.to(float64));
        Assert.All(net.parameters(), p => Assert.Equal(float64, p.dtype));
        Assert.Equal(int64, net.get_buffer("bn1.num_batches_tracked").dtype);
        using var input = rand([1, 1, 4, 4], float64);
        Assert.Equal(float64, net.call(input).dtype);
    }

    [Fact]
    public void HooksSeeAndReplace()
    {
        using var linear = Linear(2, 2);
        var order = new List<string>();
        linear.register_forward_pre_hook(_ => order.Add("before"));
        var remover = linear.register_forward_hook((_, _, output) => { order.Add("after"); return output.mul(0); });
        using var input = ones(1, 2);
        Assert.Equal(0f, linear.call(input).abs().sum().item<float>());
        remover.remove();
        Assert.NotEqual(0f, linear.call(input).abs().sum().item<float>());
        Assert.Equal(["before", "after", "before"], order);
    }

    [Fact]
    public void RegistrationRejectsWhatCannotBeNamed()
    {
        using var list = ModuleList(Linear(1, 1));
        Assert.Throws<ArgumentException>(() => list.register_module("a.b", Linear(1, 1)));
        Assert.Throws<ArgumentException>(() => list.register_module("", Linear(1, 1)));
        Assert.Throws<InvalidOperationException>(() => list.register_module("0", Linear(1, 1)));
        Assert.Throws<ArgumentNullException>(() => list.register_parameter("p", null));
        list.register_buffer("b", zeros(1));
        Assert.Throws<InvalidOperationException>(() => list.register_buffer("b", zeros(1)));
    }

    [Fact]
    public void BuffersThatAreNotPersistentStayOutOfTheState()
    {
        using var list = ModuleList();
        list.register_buffer("kept", zeros(1));
        list.register_buffer("passing", zeros(1), persistent: false);
        Assert.Equal(["kept"], list.state_dict().Keys);
        Assert.Equal(2, list.buffers().Count());
    }

    [Fact]
    public void ApplyVisitsChildrenFirst()
    {
        using var chain = Sequential(("a", Linear(1, 1)), ("b", Sequential(("c", ReLU()))));
        var seen = new List<string>();
        chain.apply(module => seen.Add(module.GetName()));
        Assert.Equal(["Linear", "ReLU", "Sequential", "Sequential"], seen);
    }
}
