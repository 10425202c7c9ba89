using CnnTrainers.Architectures.Graph;
using CnnTrainers.Inference.Plan;
using CnnTrainers.Kernels;
using CnnTrainers.Tests.Kernels;
using TorchSharp;
using static CnnTrainers.Tests.Inference.PlanFacts;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Inference;

/// <summary>Plans give what the modules give.</summary>
[Collection(nameof(KernelFacts))]
public class PlanTests
{
    private const int Size = 80;

    public static TheoryData<string> Architectures => [.. CnnArchitecture.All.Select(one => one.Name)];

    // Families whose convolutions differ.
    public static TheoryData<string, int> OnEverySet() => new(
        from name in (string[])["lenet5", "resnext50_32x4d", "mobilenet_v3_small", "shufflenet_v2_x0_5", "squeezenet1_1", "densenet_small"]
        from set in KernelFacts.InstructionSets
        select (name, set));

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EveryArchitectureIsRecordedAndScoresAsItsModulesDo(string name)
    {
        var architecture = CnnArchitecture.Get(name);
        var shape = ShapeOf(architecture);
        using var network = Network(architecture, shape);
        using var plan = Plan(network, shape, CnnPrecision.Float32);
        var pixels = Pixels(shape, 3);

        var actual = ByPlan(plan, shape, pixels);

        Assert.InRange(Difference(ByModules(network, shape, pixels), actual), 0, 1e-4);
        // The same to the last bit, alone or among others.
        Assert.Equal(actual[Classes..(2 * Classes)], ByPlan(plan, shape, pixels[shape.Size..(2 * shape.Size)]));
    }

    [Theory]
    [MemberData(nameof(OnEverySet))]
    public void EveryInstructionSetScoresAlike(string name, int set)
    {
        using var kernels = KernelFacts.Use(set);
        var architecture = CnnArchitecture.Get(name);
        var shape = ShapeOf(architecture);
        using var network = Network(architecture, shape);
        var pixels = Pixels(shape, 2);
        var expected = ByModules(network, shape, pixels);

        Assert.All(CnnPrecision.All, precision =>
        {
            using var plan = Plan(network, shape, precision);
            Assert.InRange(Difference(expected, ByPlan(plan, shape, pixels)), 0, precision == CnnPrecision.Float32 ? 1e-4 : 3e-2);
        });
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("googlenet")]
    [InlineData("mobilenet_v2")]
    public void BFloat16IsAsExactAsLibtorchs(string name)
    {
        Assert.SkipUnless(Autocast.IsAvailable, "no bfloat16 in this libtorch");
        var architecture = CnnArchitecture.Get(name);
        var shape = ShapeOf(architecture);
        using var network = Network(architecture, shape);
        using var plan = Plan(network, shape, CnnPrecision.BFloat16);
        var pixels = Pixels(shape, 4);
        var exact = ByModules(network, shape, pixels);
        Autocast.Switch(true);
        float[] libtorchs;
        try
        {
            libtorchs = ByModulesInHalf(network, shape, pixels);
        }
        finally
        {
            Autocast.Switch(false);
        }

        var actual = ByPlan(plan, shape, pixels);

        Assert.InRange(Difference(exact, actual), 1e-6, 2.5 * Difference(exact, libtorchs) + 2e-3);
    }

    [Fact]
    public void ManyThreadsGetWhatOneGets()
    {
        var architecture = CnnArchitecture.Get("squeezenet1_1");
        var shape = ShapeOf(architecture);
        using var network = Network(architecture, shape);
        using var plan = Plan(network, shape, CnnPrecision.Float32);
        float[][] images = [.. Enumerable.Range(0, 6).Select(seed => Pixels(shape, 3, seed))];
        float[][] expected = [.. images.Select(pixels => ByPlan(plan, shape, pixels))];

        var actual = images.AsParallel().AsOrdered().WithDegreeOfParallelism(6).Select(pixels => ByPlan(plan, shape, pixels)).ToArray();

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void ANetworkThatComputesWhereNobodySeesItHasNoPlan()
    {
        Assert.SkipUnless(KernelLibrary.IsThere, KernelLibrary.State);
        var shape = new ImageShape(3, 16, 16);
        using var own = new OwnNetwork(inPlace: false);
        using var hidden = new OwnNetwork(inPlace: true);
        own.eval();
        hidden.eval();

        Assert.Null(NetworkGraph.Of(own, shape));
        Assert.Null(NetworkGraph.Of(hidden, shape));
        Assert.Null(ScoringPlan.Of(hidden, shape, CnnPrecision.Float32, isUnknown: true));
    }

    [Fact]
    public void ARecordLeavesNoTensorsAndNoHooks()
    {
        var shape = new ImageShape(3, 64, 64);
        using var network = Network(CnnArchitecture.Get("resnet18"), shape);
        NetworkGraph.Of(network, shape);
        var before = LiveTensors.Settled();

        var graph = NetworkGraph.Of(network, shape)!;

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(20, graph.Nodes.Count(node => node.Operation is Operation.Convolution));
        Assert.Equal("layer1.0.conv1", graph.Nodes.Select(node => node.Operation).OfType<Operation.Convolution>().ElementAt(1).Name);
        Assert.Null(GraphRecorder.Current);
    }

    private static float[] ByModulesInHalf(nn.Module<Tensor, Tensor> network, ImageShape shape, float[] pixels)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var images = tensor(pixels, [pixels.Length / shape.Size, shape.Channels, shape.Height, shape.Width]);
        return [.. network.call(images).to(ScalarType.Float32).contiguous().data<float>()];
    }

    private static ImageShape ShapeOf(CnnArchitecture architecture)
    {
        var size = Math.Max(architecture.MinimumSize, Math.Min(architecture.DefaultSize, Size));
        return new(architecture.DefaultChannels, size, size);
    }

    /// <summary>A network with an activation that is no layer.</summary>
    private sealed class OwnNetwork : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> convolution = nn.Conv2d(3, 8, 3), pool = nn.AdaptiveAvgPool2d(1), flatten = nn.Flatten();
        private readonly bool _inPlace;

        public OwnNetwork(bool inPlace) : base("")
        {
            _inPlace = inPlace;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var y = convolution.call(input);
            return flatten.call(pool.call(_inPlace ? y.relu_() : y.relu()));
        }
    }
}
