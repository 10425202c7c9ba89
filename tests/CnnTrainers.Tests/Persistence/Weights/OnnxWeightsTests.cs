using System.Reflection;
using System.Runtime.InteropServices;
using CnnTrainers.Architectures;
using CnnTrainers.Export.Format;
using CnnTrainers.Tests.Export;
using CnnTrainers.Training;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Persistence.Weights;

/// <summary>Weights out of ONNX files.</summary>
public sealed class OnnxWeightsTests : IDisposable
{
    private static readonly ImageShape _shape = new(3, 224, 224);
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");

    // The package of ML.NET's, as NuGet has unpacked it.
    private static string Package => typeof(OnnxWeightsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "ImageNetWeights").Value!;

    private static string ImageNet => Path.Combine(Package, "ResNet18Onnx", "ResNet18.onnx");

    private static string Preprocessing => Path.Combine(Package, "ResNetPrepOnnx", "ResNetPreprocess.onnx");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Features_of_the_ImageNet_weights_are_those_of_their_own_file()
    {
        using var network = ResNetVariant.ResNet18MLNet.CreateNetwork(_shape, 10);
        Assert.Equal(["fc.weight", "fc.bias"], CnnWeights.Load(network, ImageNet, exceptHead: true, out var normalization));
        network.eval();
        float[] image = Image();
        float[] expected = Run(ImageNet, Run(Preprocessing, image));
        float[] mean = MeanImage();
        int plane = _shape.Height * _shape.Width;

        // The file's own way: a mean image, blue first.
        float[] own = Features(network, [.. image.Select((value, i) => value - mean[((2 - (i / plane)) * plane) + (i % plane)])]);
        // Ours, for images of any size: its mean colour.
        float[] ours = Features(network, [.. image.Select((value, i) => (value - normalization!.Mean[i / plane]) / normalization.Std[i / plane])]);

        Assert.Equal(512, expected.Length);
        float largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(own), pair => Assert.Equal(pair.First / largest, pair.Second / largest, 1e-5f));
        Assert.InRange(Cosine(expected, ours), 0.998, 1);
    }

    [Fact]
    public void The_mean_colour_is_that_of_the_mean_image()
    {
        using var network = ResNetVariant.ResNet18MLNet.CreateNetwork(new(3, 64, 64), 10);
        CnnWeights.Load(network, ImageNet, exceptHead: true, out var normalization);
        float[] mean = MeanImage();
        int plane = _shape.Height * _shape.Width;
        for (int channel = 0; channel < 3; channel++)
            Assert.Equal(mean.Skip((2 - channel) * plane).Take(plane).Average(), normalization!.Mean[channel], 1e-2f);
    }

    [Fact]
    public void The_head_is_missed_where_it_is_not_left_out()
    {
        using var network = ResNetVariant.ResNet18MLNet.CreateNetwork(new(3, 64, 64), 10);
        Assert.Contains("fc.weight is missing", Assert.Throws<InvalidDataException>(() => CnnWeights.Load(network, ImageNet)).Message);
    }

    [Fact]
    public void They_do_not_fit_another_network()
    {
        using var network = ResNetVariant.ResNet18.CreateNetwork(new(3, 64, 64), 10);
        Assert.Contains("layer4.2.conv1.weight is not part of the network", Assert.Throws<InvalidDataException>(() => CnnWeights.Load(network, ImageNet, exceptHead: true)).Message);
    }

    [Fact]
    public void What_was_exported_is_read_by_name()
    {
        var shape = new ImageShape(3, 64, 64);
        using var cnn = OnnxFacts.Untrained(CnnArchitecture.Get("shufflenet_v2_x0_5"), shape);
        cnn.SaveOnnx(_file, new OnnxOptions { Check = false });
        using var network = CnnArchitecture.Get("shufflenet_v2_x0_5").CreateNetwork(shape, 10);
        using var original = cnn.Network.Copy();

        Assert.Empty(CnnWeights.Load(network, _file));
        Assert.All(NetworkState.Entries(network).Zip(NetworkState.Entries(original)).Where(pair => pair.First.Value.dtype == ScalarType.Float32),
            pair => Assert.Equal(pair.Second.Value.detach().contiguous().bytes.ToArray(), pair.First.Value.detach().contiguous().bytes.ToArray()));
    }

    [Fact]
    public void Others_are_refused_in_words()
    {
        using var network = ResNetVariant.ResNet18MLNet.CreateNetwork(new(3, 64, 64), 10);
        Assert.Contains("cannot be told apart", Assert.Throws<InvalidDataException>(() => CnnWeights.Load(network, Preprocessing)).Message);

        File.WriteAllBytes(_file, File.ReadAllBytes(ImageNet)[..10_000_000]);
        Assert.StartsWith($"{_file} is damaged", Assert.Throws<InvalidDataException>(() => CnnWeights.Load(network, _file)).Message);
    }

    [Fact]
    public void A_fit_starts_from_them_and_says_so()
    {
        var log = new List<string>();
        using var network = ResNetVariant.ResNet18MLNet.CreateNetwork(new(3, 32, 32), 3);
        var normalization = InitialWeights.Load(ResNetVariant.ResNet18MLNet, network, new(3, 32, 32), ["a", "b", "c"], new CnnTrainerOptions { InitialWeights = ImageNet }, log.Add);
        Assert.Equal([1f, 1f, 1f], normalization!.Std);
        Assert.Contains("fc.weight, fc.bias start anew", Assert.Single(log));
    }

    private static float[] Features(nn.Module<Tensor, Tensor> network, float[] normalized)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (features, _) = NetworkHead.Find(network)!.Run(network, tensor(normalized, [1, 3, _shape.Height, _shape.Width]));
        using (features)
            return [.. features!.flatten().data<float>()];
    }

    private static float[] Run(string model, float[] image)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model, options);
        using var input = OrtValue.CreateTensorValueFromMemory(image, [1, 3, _shape.Height, _shape.Width]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, [session.InputNames[0]], [input], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static float[] MeanImage()
    {
        var tensor = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Preprocessing)).Graph.Initializer.Single(one => one.Name == "MeanImage");
        return tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];
    }

    // Soft shapes and noise, 0 to 255.
    private static float[] Image()
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, _shape.Size).Select(i => (float)Math.Clamp(128 + (90 * Math.Sin(i * 0.011)) + (60 * (random.NextDouble() - 0.5)), 0, 255))];
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
