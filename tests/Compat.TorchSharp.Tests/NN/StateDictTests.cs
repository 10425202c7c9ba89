using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

public class StateDictTests
{
    private static float Sum(SmallNet net)
    {
        using var scope = NewDisposeScope();
        return net.state_dict().Values.Sum(t => t.detach().to(float64).abs().sum().item<double>()) is var sum ? (float)sum : 0;
    }

    [Fact]
    public void LoadCopiesTheValues()
    {
        using var source = new SmallNet();
        using var target = new SmallNet();
        var (missing, unexpected) = target.load_state_dict(source.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Equal(Sum(source), Sum(target));
        Assert.NotSame(source.get_parameter("conv1.weight"), target.get_parameter("conv1.weight"));
    }

    [Fact]
    public void StrictLoadRefusesOtherNames()
    {
        using var net = new SmallNet();
        var state = net.state_dict();
        state.Remove("conv1.weight");
        Assert.Throws<InvalidOperationException>(() => net.load_state_dict(state));
        state.Add("other", zeros(1));
        var (missing, unexpected) = net.load_state_dict(state, strict: false);
        Assert.Equal(["conv1.weight"], missing);
        Assert.Equal(["other"], unexpected);
        Assert.Empty(net.load_state_dict(state, skip: ["conv1.weight", "other"]).missing_keys);
    }

    [Fact]
    public void LoadNamesTheEntryWhoseShapeDiffers()
    {
        using var net = new SmallNet();
        var state = net.state_dict();
        state["head.3.bias"] = zeros(4);
        var error = Assert.Throws<ArgumentException>(() => net.load_state_dict(state));
        Assert.Contains("head.3.bias", error.Message);
        Assert.Contains("[3]", error.Message);
    }

    [Fact]
    public void SavedModulesLoadFromStreamsAndFiles()
    {
        using var source = new SmallNet();
        using var target = new SmallNet();
        using var stream = new MemoryStream();
        source.save(stream);
        stream.Position = 0;
        var loaded = new Dictionary<string, bool>();
        target.load(stream, loadedParameters: loaded);
        Assert.Equal(Sum(source), Sum(target));
        Assert.True(loaded.Count == 8 && loaded.Values.All(v => v));
    }

    [Fact]
    public void TheStreamBeginsWithCountAndFirstName()
    {
        using var net = new SmallNet();
        using var stream = new MemoryStream();
        net.save(stream);
        var bytes = stream.ToArray();
        Assert.Equal(8, bytes[0]);
        Assert.Equal("conv1.weight", System.Text.Encoding.UTF8.GetString(bytes, 2, bytes[1]));
        Assert.Equal([(byte)float32, 4, 4, 1, 3, 3], bytes[14..20]);
        Assert.Equal(net.get_parameter("conv1.weight")[0, 0, 0, 0].item<float>(), BitConverter.ToSingle(bytes, 20));
    }

    [Fact]
    public void LoadRefusesAnotherModulesStream()
    {
        using var linear = Linear(2, 2);
        using var net = new SmallNet();
        using var stream = new MemoryStream();
        linear.save(stream);
        stream.Position = 0;
        Assert.Throws<ArgumentException>(() => net.load(stream));
    }
}
