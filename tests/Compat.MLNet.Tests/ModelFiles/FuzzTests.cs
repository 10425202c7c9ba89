using Compat.MLNet.Tests.Transforms;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Compat.MLNet.Tests.ModelFiles;

/// <summary>Damaged model files end in the same model, or in an exception that a caller can expect; never in anything else.</summary>
public sealed class FuzzTests
{
    private static readonly string[] _published = ["single.zip", "misc.zip", "misc-noschema.zip", "images.zip"];
    private readonly MLContext _ml = new();

    [Fact]
    public void DamagedFilesLoadToTheSameModelOrAreRefused()
    {
        byte[][] good = [.. _published.Select(name => File.ReadAllBytes(TestFiles.Zip(name))), OtherTransforms(), Learned()];
        string faults = FuzzRun.Faults(good, FuzzRun.Times(2000), LoadAndSave, IsExpected);
        Assert.True(faults.Length == 0, faults);
    }

    [Fact]
    public void SavingTwiceGivesTheSameBytes()
    {
        foreach (byte[] file in new[] { OtherTransforms(), Learned(), File.ReadAllBytes(TestFiles.Zip("images.zip")) })
        {
            ITransformer model = _ml.Model.Load(new MemoryStream(file), out DataViewSchema schema);
            byte[] once = Save(model, schema);
            Assert.Equal(once, Save(model, schema));
            Assert.Equal(once, Save(new MLContext().Model.Load(new MemoryStream(once), out DataViewSchema again), again));
        }
    }

    // What is saved again says all that was loaded. Where the directory's letter of "Schema" is damaged there is none, and no way to tell.
    private Answer LoadAndSave(byte[] file)
    {
        ITransformer model = _ml.Model.Load(new MemoryStream(file), out DataViewSchema schema);
        return new Answer(Convert.ToHexString(Save(model, null)), schema is null ? null : Convert.ToHexString(Save(model, schema)));
    }

    private byte[] Save(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    /// <summary>
    /// Damaged contents, an archive that is none, an assembly that cannot be found, a contract that nobody has; for a part inside another
    /// wrapped once, as the published ML.NET wraps them.
    /// </summary>
    private static bool IsExpected(Exception exception) => exception is System.Reflection.TargetInvocationException
        ? IsExpected(exception.InnerException)
        : exception is FileNotFoundException or FileLoadException || exception.GetType() == typeof(FormatException)
            || exception.GetType() == typeof(InvalidDataException) || exception.GetType() == typeof(InvalidOperationException);

    private IDataView Rows() => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 6).Select(i => new Row
        { Number = i % 3 + 0.5f, Flag = i % 2 == 0, Text = $"t{i % 3}", Pixels = [.. Enumerable.Range(0, 12).Select(p => (float)(p * i % 7))] }));

    private byte[] OtherTransforms()
    {
        IDataView rows = Rows();
        var keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Number").Append(_ml.Transforms.Conversion.MapValueToKey("FlagKey", "Flag"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("PixelKeys", "Pixels", addKeyValueAnnotationsAsText: true));
        var model = keys
            .Append(_ml.Transforms.ConvertToImage(2, 2, "Image", "Pixels"))
            .Append(_ml.Transforms.ConvertToGrayscale("Gray", "Image"))
            .Fit(rows);
        return Save(model, keys.Fit(rows).Transform(rows).Schema);
    }

    private byte[] Learned()
    {
        IDataView rows = Rows();
        var model = _ml.Transforms.NormalizeMinMax("Scaled", "Pixels").Append(_ml.Transforms.NormalizeMeanVariance("Number"))
            .Append(_ml.Transforms.Conversion.ConvertType("Wide", "Number", DataKind.Double))
            .Append(_ml.Transforms.Categorical.OneHotEncoding("Hot", "Text"))
            .Append(_ml.Transforms.Conversion.MapValue("Mapped", new Dictionary<string, int> { ["t0"] = 4, ["t1"] = 5 }, "Text"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Text"))
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Label", "Scaled"))
            .Fit(rows);
        return Save(model, rows.Schema);
    }

    private sealed class Answer(string model, string modelWithSchema)
    {
        private (string, string) Texts => (model, modelWithSchema);

        public override bool Equals(object obj) => obj is Answer other && Texts.Item1 == other.Texts.Item1 && (Texts.Item2 ?? other.Texts.Item2) == (other.Texts.Item2 ?? Texts.Item2);

        public override int GetHashCode() => model.GetHashCode();
    }

    private sealed class Row
    {
        public float Number { get; set; }

        public bool Flag { get; set; }

        public string Text { get; set; }

        [VectorType(12)]
        public float[] Pixels { get; set; }
    }
}
