using System.Globalization;
using System.Runtime.InteropServices;
using CnnTrainers.Architectures;
using CnnTrainers.Export.Format;
using CnnTrainers.Inference;
using CnnTrainers.Tests.Estimators;
using CnnTrainers.Training;
using Microsoft.ML;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Export;

/// <summary>Exported networks give ONNX Runtime the answers that they give themselves.</summary>
public class OnnxExportTests(ITestOutputHelper output)
{
    private const float Close = 1e-5f;

    public static TheoryData<string> All => [.. CnnArchitecture.All.Select(one => one.Name)];

    // One or two of each family, at sizes where nothing divides evenly.
    public static TheoryData<string, int> Odd => new(
        from name in (string[])["lenet5", "alexnet", "vgg11_bn", "nin", "googlenet", "inception_v3", "resnet18", "resnext50_32x4d", "inception_resnet_v2", "densenet121", "shufflenet_v2_x1_0", "mobilenet_v3_large"]
        from channels in (int[])[1, 4]
        select (name, channels));

    [Theory]
    [MemberData(nameof(All))]
    public void EveryArchitectureIsExportedAtItsDefaultSize(string name) => Export(CnnArchitecture.Get(name), CnnArchitecture.Get(name).DefaultShape);

    [Theory]
    [MemberData(nameof(Odd))]
    public void OddSizesAndOtherChannelsAreExported(string name, int channels)
    {
        var architecture = CnnArchitecture.Get(name);
        Export(architecture, new ImageShape(channels, architecture.MinimumSize + 22, architecture.MinimumSize + 35));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("flip")]
    [InlineData("shift")]
    [InlineData("shift-flip")]
    public void TheModelsViewsAreAveragedInTheGraph(string views)
    {
        var trained = Toy.CnnOf(Toy.Trained.Model);
        var model = trained.Model with { TestTimeAugmentation = TestTimeAugmentation.Get(views) };
        using var cnn = new CnnTransformer(Toy.Trained.Ml, model, new SharedNetwork(model, trained.Network.Copy()));
        var rows = Toy.Make(7, seed: 3);
        var expected = Toy.Scores(cnn, Toy.Trained.Ml.Data.LoadFromEnumerable(rows));

        var (scores, labels) = OnnxFacts.Run(OnnxFacts.File(cnn), [.. rows.SelectMany(row => row.Pixels)], cnn.ImageShape);

        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, Close));
        Assert.Equal(expected.Chunk(3).Select(of => cnn.ClassNames[of.IndexOf(of.Max())]), labels);
    }

    [Fact]
    public void TheFileSaysWhatItIs()
    {
        var cnn = Toy.CnnOf(Toy.Trained.Model);
        var file = OnnxFacts.Parse(OnnxFacts.File(cnn, new OnnxOptions { Description = "Halves of squares" }));

        Assert.Equal("Halves of squares", file.DocString);
        Assert.Equal(["", "ai.onnx.ml"], file.OpsetImport.Select(opset => opset.Domain));
        Assert.Equal("""["bottom","right","top"]""", file.MetadataProps.Single(entry => entry.Key == "names").Value);
        Assert.Equal(("Pixels", 1), (file.Graph.Input.Single().Name, file.Graph.Input.Single().Type.TensorType.ElemType));
        Assert.Equal(["N", "", "", ""], file.Graph.Input[0].Type.TensorType.Shape.Dim.Select(size => size.DimParam));
        Assert.Equal([0, 3, Toy.Size, Toy.Size], file.Graph.Input[0].Type.TensorType.Shape.Dim.Select(size => (int)size.DimValue));
        Assert.Equal(["Score", "PredictedLabel"], file.Graph.Output.Select(one => one.Name));
    }

    [Fact]
    public void WeightsHaveTorchvisionsNamesAndValues()
    {
        var shape = new ImageShape(3, 64, 64);
        using var cnn = OnnxFacts.Untrained(CnnArchitecture.Get("resnet18"), shape);
        using var network = cnn.Network.Copy();
        var weights = OnnxFacts.Parse(OnnxFacts.File(cnn)).Graph.Initializer.Where(one => !one.Name.StartsWith('/')).ToDictionary(one => one.Name);
        var state = NetworkState.Entries(network).Where(entry => !entry.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToList();

        Assert.Equal(state.Select(entry => entry.Name).Order(), weights.Keys.Order());
        Assert.All(state, entry =>
        {
            Assert.Equal(entry.Value.shape, weights[entry.Name].Dims);
            Assert.Equal(entry.Value.detach().contiguous().bytes.ToArray(), weights[entry.Name].RawData.ToByteArray());
        });
    }

    [Fact]
    public void AnImageHasOneAnswerWhateverTheBatch()
    {
        var shape = new ImageShape(3, 64, 64);
        using var cnn = OnnxFacts.Untrained(CnnArchitecture.Get("shufflenet_v2_x0_5"), shape);
        var file = OnnxFacts.File(cnn);
        var pixels = Inference.PlanFacts.Pixels(shape, 5);
        var (all, _) = OnnxFacts.Run(file, pixels, shape);
        for (var i = 0; i < 5; i++)
            Assert.All(OnnxFacts.Run(file, pixels[(i * shape.Size)..((i + 1) * shape.Size)], shape).Scores.Zip(all.Skip(i * 10)), pair => Assert.Equal(pair.Second, pair.First, Close));
    }

    [Fact]
    public void ANetworkOfOnesOwnIsExportedWhereItsLayersAreKnown()
    {
        var shape = new ImageShape(2, 17, 23);
        using var cnn = Own(() => nn.Sequential(
            ("conv", nn.Conv2d(2, 8, (3, 5), (2, 1), (1, 2), bias: false)), ("bn", nn.BatchNorm2d(8)), ("act", nn.Hardswish()), ("pool", nn.MaxPool2d(3, 2, 1, ceil_mode: true)),
            ("drop", nn.Dropout(0.5)), ("conv2", nn.Conv2d(8, 8, 3, groups: 4)), ("act2", nn.ReLU6()), ("mean", nn.AvgPool2d(2, 1, 1, count_include_pad: false)), ("sig", nn.Sigmoid()),
            ("avg", nn.AdaptiveAvgPool2d([2, 3])), ("flatten", nn.Flatten()), ("fc", nn.Linear(48, 10))), shape);

        Assert.InRange(cnn.SaveOnnx(Stream.Null, new OnnxOptions { Logits = true })!.LargestDifference, 0, Close);
    }

    [Fact]
    public void ALayerThatIsNotKnownIsNamed()
    {
        using var cnn = Own(() => nn.Sequential(("conv", nn.Conv2d(1, 4, 3)), ("act", nn.Mish()), ("avg", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(4, 10))));
        Assert.Contains("the layer 'act' (Mish)", Assert.Throws<NotSupportedException>(() => cnn.SaveOnnx(Stream.Null)).Message);
    }

    [Fact]
    public void AMeanWithItsBorderAndSizesRoundedUpIsRefused()
    {
        using var cnn = Own(() => nn.Sequential(("avg", nn.AvgPool2d(2, 2, ceil_mode: true)), ("flatten", nn.Flatten()), ("fc", nn.Linear(25, 10))));
        Assert.Contains("ceil_mode", Assert.Throws<NotSupportedException>(() => cnn.SaveOnnx(Stream.Null)).Message);
    }

    [Fact]
    public void AChangeThatNobodySeesIsFoundByTheCheckAndTheOldFileStays()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "old");
            using var cnn = Own(() => new Hidden());
            Assert.Contains("other answers", Assert.Throws<InvalidDataException>(() => cnn.SaveOnnx(path)).Message);
            Assert.Equal("old", File.ReadAllText(path));
            Assert.Null(cnn.SaveOnnx(path, new OnnxOptions { Check = false }));
            Assert.NotEmpty(OnnxFacts.Parse(File.ReadAllBytes(path)).Graph.Node);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void AnExportLeavesNoTensors()
    {
        using var cnn = OnnxFacts.Untrained(CnnArchitecture.Get("squeezenet1_1"), new ImageShape(3, 64, 64));
        cnn.SaveOnnx(Stream.Null);
        var before = LiveTensors.Settled();
        cnn.SaveOnnx(Stream.Null);
        LiveTensors.AssertNoneSince(before, parametersMade: 52);
    }

    private void Export(CnnArchitecture architecture, ImageShape shape)
    {
        using var cnn = OnnxFacts.Untrained(architecture, shape);
        var agreement = cnn.SaveOnnx(Stream.Null, new OnnxOptions { Logits = true })!;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {architecture.Name} | {shape} | {agreement.LargestDifference:0.0e+0} |"));
        Assert.InRange(agreement.LargestDifference, 0, Close);
    }

    private static CnnTransformer Own(Func<nn.Module<Tensor, Tensor>> network, ImageShape? shape = null) =>
        OnnxFacts.Of(new CustomArchitecture("own", (_, _) => network()), shape ?? new ImageShape(1, 9, 9), network());

    private sealed class Hidden : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> convolution = nn.Conv2d(1, 10, 3), pool = nn.AdaptiveAvgPool2d(1), flatten = nn.Flatten();

        public Hidden() : base("Hidden") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var y = convolution.call(input);
            var asItLies = y.is_contiguous() ? y : y.permute(0, 2, 3, 1);
            foreach (ref var value in MemoryMarshal.Cast<byte, float>(asItLies.bytes))
                value = Math.Abs(value); // no operator of libtorch, which would be noticed
            return flatten.call(pool.call(y)).MoveToOuterDisposeScope();
        }
    }
}
