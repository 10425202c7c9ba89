using System.Text;
using Compat.MLNet.Tests.ModelFiles;
using Compat.MLNet.Tests.Transforms;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Compat.MLNet.Tests.Trainers;

public sealed class MaximumEntropyFileTests
{
    private readonly MLContext _ml = new();

    private IDataView Data()
    {
        var rows = _ml.Data.LoadFromEnumerable(MaximumEntropyCase.TrainingRows);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
    }

    private byte[] Save(ITransformer model)
    {
        var stream = new MemoryStream();
        _ml.Model.Save(model, Data().Schema, stream);
        return stream.ToArray();
    }

    private ITransformer Fit(bool statistics = false) => _ml.MulticlassClassification.Trainers
        .LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { ShowTrainingStatistics = statistics }).Fit(Data());

    private static ITransformer Load(byte[] archive) => new MLContext().Model.Load(new MemoryStream(archive), out _);

    [Fact]
    public void EntriesAreThoseOfThePublishedFormat() => Assert.Equal(
        [
            "TrainingInfo/Version.txt", "TransformerChain/Model/LabelNames", "TransformerChain/Model/ModelStats/Model.key", "TransformerChain/Model/Model.key",
            "TransformerChain/TrainSchema", "TransformerChain/Model.key", "Schema",
        ],
        TestFiles.Entries(Save(Fit(statistics: true))).Select(entry => entry.Name));

    [Fact]
    public void HeadersNameTheLoadersOfThePublishedAssemblies()
    {
        var entries = TestFiles.Entries(Save(Fit())).ToDictionary(entry => entry.Name, entry => entry.Bytes);
        AssertHeader(entries["TransformerChain/Model.key"], "MC\0\0PRED", 0x00010002, "MulticlassPredXfer", "Microsoft.ML.Data");
        AssertHeader(entries["TransformerChain/Model/Model.key"], "MULTI\0LR", 0x00010003, "MultiClassLRExec", "Microsoft.ML.StandardTrainers");
    }

    [Fact]
    public void ThePayloadIsSizesBiasesAndDenseWeights()
    {
        var model = ((MulticlassPredictionTransformer<MaximumEntropyModelParameters>)Fit()).Model;
        var entries = TestFiles.Entries(Save(Fit())).ToDictionary(entry => entry.Name, entry => entry.Bytes);
        using var reader = new BinaryReader(new MemoryStream(entries["TransformerChain/Model/Model.key"][0x100..]));
        Assert.Equal([4, 6, 4], [reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()]);
        Assert.Equal(model.GetBiases(), Enumerable.Range(0, 4).Select(_ => reader.ReadSingle()));
        Assert.Equal([0, 0, 24], [reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()]);
        VBuffer<float>[] weights = null;
        model.GetWeights(ref weights, out _);
        Assert.Equal(weights.SelectMany(one => one.DenseValues()), Enumerable.Range(0, 24).Select(_ => reader.ReadSingle()));
        Assert.Equal(new byte[] { 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0 }, entries["TransformerChain/Model/LabelNames"]);
    }

    [Fact]
    public void ALoadedModelSavesTheSameBytes()
    {
        byte[] archive = Save(Fit(statistics: true));
        Assert.Equal(archive, Save(Load(archive)));
    }

    [Fact]
    public void SparseWeightsAreSavedAsCompressedRows()
    {
        VBuffer<float>[] weights = [new(6, 2, [1.5f, -2], [1, 4]), new(6, [0, 1, 2, 3, 4, 5])];
        var parameters = new MaximumEntropyModelParameters(_ml, weights, [0.5f, -0.5f], 6, null);
        var model = new MulticlassPredictionTransformer<MaximumEntropyModelParameters>(_ml, parameters, Data().Schema, "Features", "Label");
        byte[] archive = Save(model);
        var loaded = Assert.IsType<MulticlassPredictionTransformer<MaximumEntropyModelParameters>>(Load(archive));
        Assert.Equal(model.Transform(Data()).Rows("Score"), loaded.Transform(Data()).Rows("Score"));
        Assert.Equal(archive, Save(loaded));
    }

    [Fact]
    public void StatisticsComeBack()
    {
        var expected = ((MulticlassPredictionTransformer<MaximumEntropyModelParameters>)Fit(statistics: true)).Model.Statistics;
        var loaded = (MulticlassPredictionTransformer<MaximumEntropyModelParameters>)Load(Save(Fit(statistics: true)));
        Assert.Equivalent(expected, loaded.Model.Statistics, strict: true);
    }

    private static void AssertHeader(byte[] stream, string signature, uint version, string loader, string assembly)
    {
        Assert.Equal(signature, Encoding.Latin1.GetString(stream, 0x40, 8));
        Assert.Equal(version, BitConverter.ToUInt32(stream, 0x48));
        Assert.Equal(0x00010001u, BitConverter.ToUInt32(stream, 0x4C));
        Assert.Equal(loader, Encoding.Latin1.GetString(stream, 0x50, 24).TrimEnd('\0'));
        string name = Encoding.Unicode.GetString(stream, (int)BitConverter.ToInt64(stream, 0x90), BitConverter.ToInt32(stream, 0x98));
        Assert.Equal($"{assembly}, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51", name);
    }
}
