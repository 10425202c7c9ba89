using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class MixedPrecisionTests
{
    private static readonly CnnTrainerOptions _half = Toy.Options with { Precision = CnnPrecision.BFloat16 };

    [Fact]
    public void LayersComputeInBFloat16AndTheWeightsStayFloat32()
    {
        if (!MixedPrecision.IsAvailable)
            return; // a build on the published packages has no such library: the log line below is all there is
        using var scope = NewDisposeScope();
        using var layer = nn.Conv2d(3, 4, 3);
        ScalarType? inside = null;
        var mixed = MixedPrecision.Choose(CnnPrecision.BFloat16, _ => { })!;
        var output = mixed.Run(x => { var y = layer.call(x); inside = y.dtype; return y; }, ones(1, 3, 8, 8));
        output.sum().backward();
        Assert.Equal(ScalarType.BFloat16, inside);
        Assert.Equal(ScalarType.Float32, output.dtype);
        Assert.Equal(ScalarType.Float32, layer.weight!.grad!.dtype);
        Assert.Equal(ScalarType.Float32, layer.call(ones(1, 3, 8, 8)).dtype);
    }

    [Fact]
    public void AFitLearnsAsInFloat32()
    {
        using var images = Toy.Images(60);
        var (full, half) = (Toy.Fit(images, Toy.Options with { Epochs = 4 }), Toy.Fit(images, _half with { Epochs = 4 }));
        var (expected, actual) = (full.Summary.History[^1].TrainLoss, half.Summary.History[^1].TrainLoss);
        Assert.Equal(expected, actual, 0.1);
        Assert.All(half.Network.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        Assert.Equal(MixedPrecision.IsAvailable, expected != actual);
        full.Network.Dispose();
        half.Network.Dispose();
    }

    [Theory]
    [InlineData(63, 100, false)]
    [InlineData(64, 64, true)]
    [InlineData(224, 299, true)]
    public void WhereItIsLeftOpenLargeImagesAreInBFloat16IfTheMachineGains(int height, int width, bool large)
    {
        var lines = new List<string>();
        var half = large && CnnPrecision.BFloat16.IsFast;
        Assert.Equal(half ? CnnPrecision.BFloat16 : CnnPrecision.Float32, MixedPrecision.Default(new(3, height, width), lines.Add));
        Assert.Equal(half, lines.Count == 1);
    }

    [Fact]
    public void AFitOfLargeImagesIsThatOfItsDefaultPrecision()
    {
        using var images = new PixelStore(new(1, 64, 64), 1 << 24);
        for (var i = 0; i < 16; i++)
            images.Add([.. Enumerable.Range(0, 64 * 64).Select(p => (byte)(p * (i % 2 + 2) * 7))], i % 2);
        var precision = MixedPrecision.Default(images.Shape, _ => { });
        var (open, given) = (Toy.Fit(images, Toy.Options), Toy.Fit(images, Toy.Options with { Precision = precision }));
        Assert.Equal(Toy.Weights(given.Network), Toy.Weights(open.Network));
        open.Network.Dispose();
        given.Network.Dispose();
    }

    [Fact]
    public void AnErrorInALayerLeavesThePrecisionAsItWas()
    {
        if (MixedPrecision.Choose(CnnPrecision.BFloat16, _ => { }) is not { } mixed)
            return;
        using var scope = NewDisposeScope();
        Assert.Throws<InvalidOperationException>(() => mixed.Run(_ => throw new InvalidOperationException(), ones(1)));
        Assert.Equal(ScalarType.Float32, mm(ones(2, 2), ones(2, 2)).dtype);
    }

    [Fact]
    public void ASlowOrMissingPrecisionIsLogged()
    {
        var lines = new List<string>();
        var chosen = MixedPrecision.Choose(CnnPrecision.BFloat16, lines.Add);
        Assert.Equal(MixedPrecision.IsAvailable, chosen is not null);
        Assert.Equal(CnnPrecision.BFloat16.IsFast, lines.Count == 0);
        Assert.Null(MixedPrecision.Choose(CnnPrecision.Float32, lines.Add));
    }
}
