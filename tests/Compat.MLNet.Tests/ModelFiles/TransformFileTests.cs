using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.ModelFiles;

/// <summary>Streams of transforms that no published file here has, byte by byte: headers and payloads as public sources have them.</summary>
public sealed class TransformFileTests
{
    private readonly MLContext _ml = new();

    private sealed class Row
    {
        public string Name { get; set; }

        [VectorType(2)]
        public float[] X { get; set; }

        [KeyType(3)]
        public uint Kind { get; set; }
    }

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[] { new Row { Name = "b", X = [4, -2], Kind = 1 }, new Row { Name = "a", X = [0, 1] } });

    private List<(string Name, byte[] Bytes)> Save(IEstimator<ITransformer> estimator)
    {
        var stream = new MemoryStream();
        _ml.Model.Save(estimator.Fit(Data()), null, stream);
        return TestFiles.Entries(stream.ToArray()).Skip(1).Select(entry => (entry.Name.Replace("TransformerChain/", ""), entry.Bytes)).ToList();
    }

    private static void AssertStream(byte[] stream, string signature, uint written, uint readable, string loader, string payload)
    {
        Assert.Equal(signature, Encoding.Latin1.GetString(stream, 0x40, 8).Replace('\0', ' '));
        Assert.Equal((written, readable), (BitConverter.ToUInt32(stream, 0x48), BitConverter.ToUInt32(stream, 0x4C)));
        Assert.Equal(loader, Encoding.Latin1.GetString(stream, 0x50, 24).TrimEnd('\0'));
        Assert.Equal(payload.Replace(" ", ""), Convert.ToHexString(stream, 0x100, (int)BitConverter.ToInt64(stream, 0x18)));
    }

    private static string Hex(params float[] values) => string.Concat(values.Select(value => Convert.ToHexString(BitConverter.GetBytes(value))));

    [Fact]
    public void ConvertTypeHasAKindForEachColumn()
    {
        var entry = Assert.Single(Save(_ml.Transforms.Conversion.ConvertType([new("N", "Name"), new("X")], DataKind.Double)));
        AssertStream(entry.Bytes, "CONVERTF", 0x00010004, 0x00010003, "ConvertTransform", "02000000 00000000 01000000 02000000 02000000 0A 0A");
    }

    [Fact]
    public void AKeyCountIsFlagged()
    {
        var options = new TypeConvertingEstimator.ColumnOptions("Name", DataKind.UInt32, "Name", new KeyCount(3));
        var entry = Assert.Single(Save(new TypeConvertingEstimator(_ml, options)));
        AssertStream(entry.Bytes, "CONVERTF", 0x00010004, 0x00010003, "ConvertTransform", "01000000 00000000 00000000 86 0300000000000000");
    }

    [Fact]
    public void KeyToVectorHasAFlagForEachColumn()
    {
        var entry = Assert.Single(Save(_ml.Transforms.Conversion.MapKeyToVector("Kind", outputCountVector: true)));
        AssertStream(entry.Bytes, "KEY2VECT", 0x00010002, 0x00010001, "KeyToVectorTransform", "01000000 00000000 00000000 01");
    }

    [Fact]
    public void KeyToBinaryVectorHasItsColumnsAlone()
    {
        var entry = Assert.Single(Save(_ml.Transforms.Conversion.MapKeyToBinaryVector("Kind")));
        AssertStream(entry.Bytes, "KEY2BINR", 1, 1, "KeyToBinaryTransform", "01000000 00000000 00000000");
    }

    [Fact]
    public void MapValueHasItsColumnsAloneAndTheTableBeside()
    {
        var entries = Save(_ml.Transforms.Conversion.MapValue("Number", new Dictionary<string, int> { ["a"] = 1 }, "Name"));
        Assert.Equal(["DefaultMap.idv", "Model.key"], entries.Select(entry => entry.Name));
        AssertStream(entries[1].Bytes, "VALUMAPG", 0x00010001, 0x00010001, "ValueMappingTransformer", "01000000 00000000 01000000");
    }

    [Fact]
    public void OneHotEncodingIsAChain()
    {
        var entries = Save(_ml.Transforms.Categorical.OneHotEncoding("Name"));
        Assert.Equal(["Transform_000/Vocabulary/Terms.txt", "Transform_000/Vocabulary/Model.key", "Transform_000/Model.key", "Transform_001/Model.key", "Model.key"],
            entries.Select(entry => entry.Name));
        AssertStream(entries[4].Bytes, "XF CHAIN", 0x00010001, 0x00010001, "TransformerChain", "02000000 07000000 07000000");
    }

    [Fact]
    public void ANormalizerHasTypesAndAPartForEachColumn()
    {
        var entries = Save(_ml.Transforms.NormalizeMinMax("X"));
        Assert.Equal(["Normalizer_000/AffineNormalizer.txt", "Normalizer_000/Model.key", "Model.key"], entries.Select(entry => entry.Name));
        AssertStream(entries[2].Bytes, "NORMALZR", 0x00010002, 0x00010002, "Normalizer", "01000000 00000000 00000000 01 09 01000000 02000000");
        AssertStream(entries[1].Bytes, "AFF NORM", 0x00010003, 0x00010003, "AffineNormExec",
            "04000000 02000000 FFFFFFFF 02000000" + Hex(0.25f, 0.5f) + "00000000");
        Assert.Equal(["NumNormalizationFeatures=2", "0\t0\t0.25", "1\t0\t0.5", "", ""], Encoding.UTF8.GetString(entries[0].Bytes).ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public void ACdfHasMeansAndDeviations()
    {
        var entries = Save(_ml.Transforms.NormalizeMeanVariance("X", useCdf: true));
        Assert.Equal(["Normalizer_000/CdfNormalizer.txt", "Normalizer_000/Model.key", "Model.key"], entries.Select(entry => entry.Name));
        AssertStream(entries[1].Bytes, "CDFNORMF", 0x00010001, 0x00010001, "CdfNormalizeFunction", "04000000 00 02000000" + Hex(2, -0.5f, 2, 1.5f));
        Assert.Equal(["NumNormalizationFeatures=2", "Log=False", "2\t2", "-0.5\t1.5", ""], Encoding.UTF8.GetString(entries[0].Bytes).ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public void TheFirstVersionOfANormalizerLoads()
    {
        byte[] old = Stream("NORMALZR", 0x00010001, "Normalizer", ctx =>
        {
            WriteColumn(ctx, "X");
            ctx.Writer.Write(true);
            ctx.Writer.Write(2);
            ctx.Writer.Write((byte)DataKind.Single);
        });
        var model = LoadWith(_ml.Transforms.NormalizeMinMax("X"), old);
        Assert.Equal([1f, -1f], model.Transform(Data()).GetColumn<float[]>("X").First());
    }

    [Fact]
    public void ASparseAffineNormalizerLoads()
    {
        byte[] part = Stream("AFF NORM", 0x00010003, "AffineNormExec", ctx =>
        {
            foreach (int count in new[] { sizeof(float), 2, 1, 1, 1 })
                ctx.Writer.Write(count);
            ctx.Writer.Write(10f);
            ctx.Writer.Write(1);
            ctx.Writer.Write(3f);
        });
        var model = LoadWith(_ml.Transforms.NormalizeMinMax("X"), part, "TransformerChain/Normalizer_000/Model.key");
        Assert.Equal([4f, -50f], model.Transform(Data()).GetColumn<float[]>("X").First());
    }

    [Fact]
    public void TheFirstVersionOfKeyToVectorLoads()
    {
        byte[] old = Stream("KEY2VECT", 0x00010001, "KeyToVectorTransform", ctx =>
        {
            ctx.Writer.Write(sizeof(float));
            WriteColumn(ctx, "Kind");
            ctx.Writer.Write((byte)0);
        });
        var model = LoadWith(_ml.Transforms.Conversion.MapKeyToVector("Kind"), old);
        Assert.Equal([0f, 1f, 0f], model.Transform(Data()).GetColumn<float[]>("Kind").First());
    }

    [Fact]
    public void ConvertTypeWithAKeyRangeLoads()
    {
        byte[] old = Stream("CONVERTF", 0x00010003, "ConvertTransform", ctx =>
        {
            WriteColumn(ctx, "Name");
            ctx.Writer.Write((byte)(0x80 | (byte)DataKind.UInt32));
            ctx.Writer.Write(0UL);
            ctx.Writer.Write(4UL);
            ctx.Writer.Write((byte)1);
        });
        var model = LoadWith(_ml.Transforms.Conversion.ConvertType("Name"), old);
        Assert.Equal("Key<UInt32, 0-4>", model.GetOutputSchema(Data().Schema)["Name"].Type.ToString());
    }

    private static void WriteColumn(ModelSaveContext ctx, string name)
    {
        ctx.Writer.Write(1);
        ctx.SaveNonEmptyString(name);
        ctx.SaveNonEmptyString(name);
    }

    private static byte[] Stream(string signature, uint version, string loader, Action<ModelSaveContext> payload)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        ModelSaveContext.Save(writer, ctx =>
        {
            ctx.SetVersionInfo(new VersionInfo(signature, version, version, version, typeof(TypeConvertingTransformer).Assembly.FullName, loader));
            payload(ctx);
        });
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>The fitted transformer's file with one stream in another's place, loaded.</summary>
    private ITransformer LoadWith(IEstimator<ITransformer> estimator, byte[] replacement, string name = "TransformerChain/Model.key")
    {
        var saved = new MemoryStream();
        _ml.Model.Save(estimator.Fit(Data()), null, saved);
        var copy = new MemoryStream();
        using (var zip = new ZipArchive(copy, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in TestFiles.Entries(saved.ToArray()))
            {
                using var stream = zip.CreateEntry(entry.Name).Open();
                stream.Write(entry.Name == name ? replacement : entry.Bytes);
            }
        }
        return _ml.Model.Load(copy, out _);
    }
}
