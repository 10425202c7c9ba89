using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

public class ActivationTests
{
    public static TheoryData<string, Func<Module<Tensor, Tensor>>, Func<double, double>> Activations() => new()
    {
        { "ReLU", () => ReLU(), x => Math.Max(0, x) },
        { "ReLU6", () => ReLU6(), x => Math.Clamp(x, 0, 6) },
        { "LeakyReLU", () => LeakyReLU(0.1), x => x > 0 ? x : 0.1 * x },
        { "ELU", () => ELU(2), x => x > 0 ? x : 2 * (Math.Exp(x) - 1) },
        { "CELU", () => CELU(2), x => x > 0 ? x : 2 * (Math.Exp(x / 2) - 1) },
        { "SELU", () => SELU(), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)) },
        { "SiLU", () => SiLU(), x => x / (1 + Math.Exp(-x)) },
        { "Hardswish", () => Hardswish(), x => x * Math.Clamp(x + 3, 0, 6) / 6 },
        { "Hardsigmoid", () => Hardsigmoid(), x => Math.Clamp(x + 3, 0, 6) / 6 },
        { "Hardtanh", () => Hardtanh(-2, 2), x => Math.Clamp(x, -2, 2) },
        { "Sigmoid", () => Sigmoid(), x => 1 / (1 + Math.Exp(-x)) },
        { "LogSigmoid", () => LogSigmoid(), x => -Math.Log(1 + Math.Exp(-x)) },
        { "Tanh", () => Tanh(), Math.Tanh },
        { "Softplus", () => Softplus(), x => Math.Log(1 + Math.Exp(x)) },
        { "Softsign", () => Softsign(), x => x / (1 + Math.Abs(x)) },
        { "Tanhshrink", () => Tanhshrink(), x => x - Math.Tanh(x) },
        { "Softshrink", () => Softshrink(), x => Math.Sign(x) * Math.Max(0, Math.Abs(x) - 0.5) },
        { "Mish", () => Mish(), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))) },
        { "Threshold", () => Threshold(1, 20), x => x > 1 ? x : 20 },
        { "PReLU", () => PReLU(1), x => x > 0 ? x : 0.25 * x },
    };

    [Theory]
    [MemberData(nameof(Activations))]
    public void ActivationsFollowTheirFormula(string name, Func<Module<Tensor, Tensor>> make, Func<double, double> formula)
    {
        double[] points = [-7, -2.5, -0.3, 0.2, 1.5, 8];
        using var module = make();
        using var result = module.call(tensor(points).to(float32));
        var values = result.detach().data<float>().ToArray();
        for (var i = 0; i < points.Length; i++) Assert.Equal(formula(points[i]), values[i], 1e-4);
        Assert.Equal(name, module.GetName());
    }

    [Fact]
    public void GeluIsInputTimesNormalDistribution()
    {
        using var result = GELU().call(tensor(new float[] { 1 }));
        Assert.Equal(0.8413447f, result.item<float>(), 1e-5f);
    }

    [Fact]
    public void InPlaceChangesTheInputAndReturnsAnotherHandle()
    {
        using var input = tensor(new float[] { -1, 2 });
        using var result = ReLU(inplace: true).call(input);
        Assert.Equal([0, 2], input.data<float>().ToArray());
        Assert.NotSame(input, result);
    }

    [Fact]
    public void SoftmaxSumsToOneAndLogSoftmaxIsItsLog()
    {
        using var scores = tensor(new float[] { 0, MathF.Log(3) });
        Assert.Equal([0.25f, 0.75f], Softmax(0).call(scores).data<float>().ToArray(), (a, b) => MathF.Abs(a - b) < 1e-6f);
        Assert.Equal([0.75f, 0.25f], Softmin(0).call(scores).data<float>().ToArray(), (a, b) => MathF.Abs(a - b) < 1e-6f);
        Assert.Equal(MathF.Log(0.25f), LogSoftmax(0).call(scores)[0].item<float>(), 1e-6f);
    }
}
