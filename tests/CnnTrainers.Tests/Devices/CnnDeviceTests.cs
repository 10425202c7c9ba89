using CnnTrainers.Devices;
using Microsoft.ML;

namespace CnnTrainers.Tests.Devices;

public class CnnDeviceTests
{
    [Theory]
    [InlineData("auto", "auto", null)]
    [InlineData("CPU", "cpu", null)]
    [InlineData("cuda", "cuda:0", 0)]
    [InlineData("Cuda:12", "cuda:12", 12)]
    public void NamesAreRead(string name, string expected, int? index)
    {
        var device = CnnDevice.Get(name);
        Assert.Equal((expected, index), (device.Name, device.CudaIndex));
        Assert.Equal(device, CnnDevice.Get(device.Name));
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1.5")]
    [InlineData("cuda:99999999999")]
    [InlineData("")]
    public void OthersAreRefused(string name) => Assert.Contains("Expected auto, cpu, cuda, or cuda:1", Assert.Throws<ArgumentException>(() => CnnDevice.Get(name)).Message);

    // The tests' libtorch knows no cards.
    [Fact]
    public void ACardThatIsNotThereIsAnErrorThatSaysWhy()
    {
        Assert.False(CnnDevice.Cuda().IsThere(out var why));
        Assert.Contains("TorchSharp-cuda-windows or TorchSharp-cuda-linux", why);
        Assert.True(CnnDevice.Cpu.IsThere(out _));
        var fault = Assert.Throws<InvalidOperationException>(() => DeviceChoice.Resolve(CnnDevice.Cuda(1), new MLContext(), _ => { }));
        Assert.StartsWith("Device is cuda:1: this program has the libtorch that knows no cards", fault.Message);
    }

    [Fact]
    public void AutoIsByTheContext()
    {
        var lines = new List<string>();
        Assert.Same(ComputeDevice.Cpu, DeviceChoice.Resolve(CnnDevice.Auto, new MLContext(), lines.Add));
        Assert.Empty(lines);
        Assert.Same(ComputeDevice.Cpu, DeviceChoice.Resolve(CnnDevice.Auto, new MLContext { GpuDeviceId = 0, FallbackToCpu = true }, lines.Add));
        Assert.StartsWith("Computing on the processor, not on cuda:0", Assert.Single(lines));
        var fault = Assert.Throws<InvalidOperationException>(() => DeviceChoice.Resolve(CnnDevice.Auto, new MLContext { GpuDeviceId = 0, FallbackToCpu = false }, lines.Add));
        Assert.StartsWith("MLContext.GpuDeviceId is 0, and FallbackToCpu is false", fault.Message);
        Assert.Same(ComputeDevice.Cpu, DeviceChoice.Resolve(CnnDevice.Cpu, new MLContext { GpuDeviceId = 0, FallbackToCpu = false }, lines.Add));
    }

    [Fact]
    public void ATrainerAsksBeforeItReads()
    {
        var ml = new MLContext { GpuDeviceId = 3, FallbackToCpu = false };
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i => i == 0 ? new Row { Label = i.ToString() } : throw new InvalidOperationException("it was read")));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", keyData: ml.Data.LoadFromEnumerable([new Key { Label = "0" }, new Key { Label = "1" }]))
            .Append(ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get("lenet5"), new()));
        Assert.Contains("GpuDeviceId is 3", Assert.Throws<InvalidOperationException>(() => pipeline.Fit(rows)).Message);
    }

    [Fact]
    public void AModelRefusesACardThatIsNotThere()
    {
        var options = new CnnTrainerOptions { Epochs = 1, BatchSize = 2, Seed = 1 };
        var ml = new MLContext(1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i => new Row { Label = $"{i % 2}", Features = [.. Enumerable.Repeat((float)i, 1024)] }));
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get("lenet5"), options)).Fit(rows);
        var cnn = model.LastTransformer;
        Assert.Equal(CnnDevice.Auto, cnn.Device);
        Assert.Throws<InvalidOperationException>(() => cnn.Device = CnnDevice.Cuda());
        Assert.Throws<ArgumentNullException>(() => cnn.Device = null!);
        Assert.Equal(CnnDevice.Auto, cnn.Device);
        cnn.Device = CnnDevice.Cpu;
        Assert.Equal(CnnDevice.Cpu, cnn.WithFeatures("F").Device);
        cnn.Precision = CnnPrecision.Float16;
        Assert.Contains("float16", Assert.ThrowsAny<Exception>(() => model.Transform(rows).Preview()).ToString());
    }

    private sealed class Key
    {
        public string Label { get; set; } = "";
    }

    private sealed class Row
    {
        public string Label { get; set; } = "";

        [Microsoft.ML.Data.VectorType(1, 32, 32)]
        public float[] Features { get; set; } = new float[1024];
    }
}
