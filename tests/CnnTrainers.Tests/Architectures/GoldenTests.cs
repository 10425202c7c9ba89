using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

public class GoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void StateAndLogitsAreTorchvisions(string name)
    {
        var golden = GoldenCase.All.Single(one => one.Name == name);
        using var network = CnnArchitecture.Get(name).CreateBlankNetwork(new(golden.Input[1], golden.Input[2], golden.Input[3]), golden.Classes);
        CheckState(golden, network);
        GoldenFormula.FillWeights(network);
        network.eval();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var logits = network.call(GoldenFormula.Input(golden.Input)).data<float>().ToArray();
        var expected = golden.Logits.SelectMany(row => row).ToArray();
        var tolerance = 1e-3 * expected.Max(MathF.Abs);
        Assert.All(expected.Zip(logits), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
    }

    private static void CheckState(GoldenCase golden, nn.Module network)
    {
        var names = NetworkState.Entries(network).Select(entry => entry.Name).ToList();
        Assert.Equal((golden.StateEntries, golden.First, golden.Last), (names.Count, names[0], names[^1]));
        Assert.Equal(golden.Parameters, NetworkState.ParameterCount(network));
        Assert.Equal(names.Order(), network.state_dict().Keys.Order());
    }
}
