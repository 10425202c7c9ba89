using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

public class ContainerTests
{
    [Fact]
    public void ListsNameTheirModulesByPosition()
    {
        using var list = ModuleList<Module<Tensor, Tensor>>(ReLU(), Tanh());
        list.Insert(1, Linear(2, 3));
        list.append(Identity());
        Assert.Equal(["0", "1", "2", "3"], list.named_children().Select(c => c.name));
        Assert.Equal(["1.weight", "1.bias"], list.state_dict().Keys);
        list.RemoveAt(0);
        Assert.Equal(["0.weight", "0.bias"], list.state_dict().Keys);
        Assert.Equal(3, list.Count);
    }

    [Fact]
    public void DictionariesKeepTheOrderOfTheirNames()
    {
        using var dict = ModuleDict(("z", Linear(1, 1)), ("a", (Module)ReLU()));
        dict["m"] = Linear(1, 1, hasBias: false);
        Assert.Equal(["z", "a", "m"], dict.keys());
        Assert.Equal(["z.weight", "z.bias", "m.weight"], dict.state_dict().Keys);
        Assert.True(dict.Remove("z"));
        Assert.Equal(["m.weight"], dict.state_dict().Keys);
    }

    [Fact]
    public void ParameterContainersAreConvertedWithTheirModule()
    {
        using var list = ParameterList(Parameter(zeros(1)), Parameter(ones(1)));
        using var dict = ParameterDict(("left", Parameter(zeros(1))));
        list.to(float64);
        dict.to(float64);
        Assert.Equal(["0", "1"], list.named_parameters().Select(p => p.name));
        Assert.All(list, p => Assert.Equal(float64, p.dtype));
        Assert.Equal(float64, dict["left"].dtype);
        Assert.True(list[1].requires_grad);
    }

    [Fact]
    public void ParametersTakeTheirDataOver()
    {
        var data = ones(2);
        using var parameter = new Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad && parameter.is_leaf);
    }

    [Fact]
    public void AHookBetweenNormAndReluSeesWhatIsThere()
    {
        using var scope = NewDisposeScope();
        using var norm = BatchNorm2d(3);
        using var chain = Sequential(norm, ReLU());
        var lowest = 0f;
        norm.register_forward_hook((_, _, output) =>
        {
            lowest = output.min().item<float>();
            return output;
        });
        Assert.Equal(0, chain.call(arange(24, ScalarType.Float32).reshape(1, 3, 2, 4)).min().item<float>());
        Assert.InRange(lowest, -2, -1);
    }

    [Fact]
    public void FusedWeightsDoWhatConvolutionAndNormDo()
    {
        using var chain = Sequential(Conv2d(2, 3, 3), BatchNorm2d(3));
        var (conv, norm) = ((Conv2d)chain[0], (BatchNorm2d)chain[1]);
        chain.call(rand(8, 2, 6, 6));
        chain.eval();
        var (weight, bias) = utils.fuse_conv_bn_weights(conv.weight, conv.bias, norm.running_mean, norm.running_var, 1e-5, norm.weight, norm.bias);
        using var input = rand(1, 2, 6, 6);
        Assert.True(functional.conv2d(input, weight, bias).allclose(chain.call(input), atol: 1e-5));
    }
}
