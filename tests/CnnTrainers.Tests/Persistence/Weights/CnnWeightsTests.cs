using System.Buffers.Binary;
using System.Text.Json;
using CnnTrainers.Architectures;
using CnnTrainers.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Persistence.Weights;

public class CnnWeightsTests
{
    [Theory]
    [InlineData("plain.pth")]
    [InlineData("plain.old.pth")]
    [InlineData("strided.pth")]
    [InlineData("strided.old.pth")]
    [InlineData("checkpoint.pth")]
    [InlineData("checkpoint.old.pth")]
    [InlineData("half.pth")]
    [InlineData("bfloat16.pth")]
    [InlineData("double.old.pth")]
    [InlineData("parameters.pth")]
    [InlineData("first_pytorch.old.pth")]
    public void FilesOfPyTorchAreReadToTheirValues(string name)
    {
        using var network = new Tiny();
        Assert.Empty(CnnWeights.Load(network, WeightFiles.Path(name)));
        network.AssertFilled();
    }

    [Fact]
    public void WhatIsSavedIsRead()
    {
        using Tiny network = new(), other = new();
        WeightFiles.With([], path =>
        {
            CnnWeights.Save(network, path);
            CnnWeights.Load(other, path);
        });
        Assert.Equal(network.State(), other.State());
    }

    [Fact]
    public void SavedFilesHaveTheLayoutOfSafetensors()
    {
        using var network = new Tiny();
        CnnWeights.Load(network, WeightFiles.Path("plain.pth"));
        byte[] file = WeightFiles.SafeTensorsOf(network, name => name);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        JsonElement entry = JsonDocument.Parse(file.AsMemory(8, header)).RootElement.GetProperty("fc.bias");
        Assert.Equal(("F32", 5), (entry.GetProperty("dtype").GetString(), entry.GetProperty("shape")[0].GetInt32()));
        int at = 8 + header + entry.GetProperty("data_offsets")[0].GetInt32();
        float[] values = [.. Enumerable.Range(0, 5).Select(i => BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(at + (4 * i))))];
        Assert.Equal(Tiny.Expected("fc.bias", 7, 5), values);
    }

    [Fact]
    public void AllFaultsAreListedTogetherAndNothingIsRead()
    {
        using Tiny source = new(classes: 6), network = new();
        var before = network.State();
        WeightFiles.With(WeightFiles.SafeTensorsOf(source, name => name == "bn1.weight" ? "bn1.gamma" : name), path =>
        {
            string message = Assert.Throws<InvalidDataException>(() => CnnWeights.Load(network, path)).Message;
            Assert.All((string[])[path, "bn1.weight is missing, expected [4]", "bn1.gamma is not part", "fc.weight is [6, 4], expected [5, 4]", "fc.bias is [6]"], part => Assert.Contains(part, message));
        });
        Assert.Equal(before, network.State());
    }

    [Fact]
    public void AnotherNumberOfClassesIsLeftAsInitialisedWhenAsked()
    {
        using var network = new Tiny(classes: 7);
        var before = network.State();
        Assert.Equal(["fc.weight", "fc.bias"], CnnWeights.Load(network, WeightFiles.Path("plain.pth"), exceptHead: true));
        var after = network.State();
        Assert.Equal(Tiny.Expected("", 0, 108), after["conv1.weight"]);
        Assert.Equal(before["fc.weight"], after["fc.weight"]);
        Assert.Equal(before["fc.bias"], after["fc.bias"]);
    }

    [Fact]
    public void TheHeadIsReadWhereItFits()
    {
        using var network = new Tiny();
        Assert.Empty(CnnWeights.Load(network, WeightFiles.Path("plain.pth"), exceptHead: true));
        network.AssertFilled();
    }

    [Theory]
    [InlineData("nin")]
    [InlineData("googlenet_2014")]
    [InlineData("squeezenet1_1")]
    public void EveryLayerThatDependsOnTheClassesCanStay(string name)
    {
        CnnArchitecture architecture = CnnArchitecture.Get(name);
        using var source = architecture.CreateBlankNetwork(architecture.DefaultShape, 3);
        using var network = architecture.CreateBlankNetwork(architecture.DefaultShape, 2);
        string[] expected = [.. NetworkState.Entries(source).Zip(NetworkState.Entries(network)).Where(p => !p.First.Value.shape.SequenceEqual(p.Second.Value.shape)).Select(p => p.First.Name)];
        WeightFiles.With(WeightFiles.SafeTensorsOf(source, n => n), path =>
        {
            Assert.Throws<InvalidDataException>(() => CnnWeights.Load(network, path));
            Assert.Equal(expected, CnnWeights.Load(network, path, exceptHead: true));
        });
    }

    [Fact]
    public void OldNamesOfDenseNetAreUnderstood()
    {
        CnnArchitecture architecture = DenseNetVariant.DenseNet121;
        using var network = architecture.CreateBlankNetwork(architecture.DefaultShape, 2);
        byte[] file = WeightFiles.SafeTensorsOf(network, name => System.Text.RegularExpressions.Regex.Replace(name, @"(denselayer\d+\.(?:norm|conv))(\d)", "$1.$2"));
        Assert.Contains("denselayer1.norm.1.weight", System.Text.Encoding.UTF8.GetString(file.AsSpan(0, 100_000)));
        WeightFiles.With(file, path => Assert.Empty(CnnWeights.Load(network, path)));
    }

    [Fact]
    public void CountersOfBatchesMayBeMissing()
    {
        using Tiny source = new(), network = new();
        CnnWeights.Load(source, WeightFiles.Path("plain.pth"));
        WeightFiles.With(WeightFiles.SafeTensorsOf(source, name => name.EndsWith("num_batches_tracked") ? null : name), path => CnnWeights.Load(network, path));
        Assert.Equal(Tiny.Expected("", 4, 4), network.State()["bn1.running_var"]);
    }

    [Fact]
    public void AuxiliaryHeadsOfTheFileMayBeSurplus()
    {
        using Tiny source = new(), network = new();
        using var file = new MemoryStream();
        SafeTensors.Write(file, NetworkState.Entries(source).Concat(NetworkState.Entries(source, "aux1.")));
        WeightFiles.With(file.ToArray(), path => CnnWeights.Load(network, path));
        Assert.Equal(source.State(), network.State());
    }

    [Fact]
    public void PyTorchsFormIsNotWritten()
    {
        using var network = new Tiny();
        Assert.Contains("safetensors", Assert.Throws<ArgumentException>(() => CnnWeights.Save(network, "x.pth")).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // of a type that these files do not hold: found out once the file is open
    public void AFailedSaveLeavesTheOldFile(bool whole)
    {
        using var network = new Tiny();
        if (whole)
            network.Dispose();
        else
            network.register_buffer("phase", zeros(2, ScalarType.ComplexFloat32));
        WeightFiles.With([1, 2, 3], path =>
        {
            Assert.ThrowsAny<Exception>(() => CnnWeights.Save(network, path));
            Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*"));
        });
    }

    [Fact]
    public void ValuesGoStraightIntoTheNetwork()
    {
        using var network = nn.Sequential(nn.Linear(2000, 2000)); // 16 MB
        WeightFiles.With([], path =>
        {
            CnnWeights.Save(network, path);
            long live = LiveTensors.Settled(), managed = GC.GetAllocatedBytesForCurrentThread();
            CnnWeights.Load(network, path);
            Assert.Equal(live, Tensor.TotalCount);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - managed, 0, 1 << 20);
        });
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        using var network = new Tiny();
        Assert.Contains("nowhere.pth", Assert.Throws<FileNotFoundException>(() => CnnWeights.Load(network, "nowhere.pth")).Message);
    }
}
