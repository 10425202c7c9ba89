using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Transforms;

public sealed class NormalizerTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Row
    {
        [VectorType(2)]
        public float[] X { get; set; }

        public double Y { get; set; }

        public float Z { get; set; }
    }

    private IDataView View() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { X = [1, -4], Y = 1, Z = 7 },
        new Row { X = [4, 2], Y = 3, Z = 7 },
        new Row { X = [2, 0], Y = double.NaN, Z = 7 },
        new Row { X = [3, float.NaN], Y = -1, Z = 7 },
    });

    private (IDataView View, NormalizingTransformer Model) Fit(IDataView data, NormalizingEstimator estimator)
    {
        var model = estimator.Fit(data);
        return (model.Transform(data), model);
    }

    private static void AssertClose(float[][] expected, IDataView view, string column)
    {
        var actual = view.GetColumn<VBuffer<float>>(column).Select(row => row.DenseValues().ToArray()).ToArray();
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected[i].Length; j++)
                Assert.Equal(expected[i][j], actual[i][j], 1e-6f);
        }
    }

    [Fact]
    public void MinMaxDividesByTheLargestMagnitude()
    {
        var (view, model) = Fit(View(), _ml.Transforms.NormalizeMinMax("X"));
        AssertClose([[0.25f, -1], [1, 0.5f], [0.5f, 0], [0.75f, float.NaN]], view, "X");
        var learned = (NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<float>>)model.GetNormalizerModelParameters(0);
        Assert.Equal([0.25f, 0.25f], learned.Scale.ToArray());
        Assert.Empty(learned.Offset);
    }

    [Fact]
    public void MinMaxWithoutFixedZeroFillsTheRange()
    {
        var (view, model) = Fit(View(), _ml.Transforms.NormalizeMinMax("X", fixZero: false));
        AssertClose([[0, 0], [1, 1], [1 / 3f, 2 / 3f], [2 / 3f, float.NaN]], view, "X");
        var learned = (NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<float>>)model.GetNormalizerModelParameters(0);
        Assert.Equal([1f, -4f], learned.Offset.ToArray());
    }

    [Fact]
    public void ScalarsOfDoublePrecisionAreNormalizedAndNaNStays()
    {
        var (view, model) = Fit(View(), _ml.Transforms.NormalizeMinMax("Y", fixZero: false));
        Assert.Equal([0.5, 1, double.NaN, 0], view.GetColumn<double>("Y"));
        var learned = (NormalizingTransformer.AffineNormalizerModelParameters<double>)model.GetNormalizerModelParameters(0);
        Assert.Equal((0.25, -1.0), (learned.Scale, learned.Offset));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AColumnThatDoesNotVaryBecomes0(bool fixZero)
    {
        Assert.All(Fit(View(), _ml.Transforms.NormalizeMinMax("Z", fixZero: fixZero)).View.GetColumn<float>("Z"), value => Assert.Equal(0, value));
        Assert.All(Fit(View(), _ml.Transforms.NormalizeMeanVariance("Z", fixZero: fixZero)).View.GetColumn<float>("Z"), value => Assert.Equal(0, value));
        Assert.All(Fit(View(), _ml.Transforms.NormalizeMeanVariance("Z", useCdf: true)).View.GetColumn<float>("Z"), value => Assert.Equal(0, value));
    }

    [Fact]
    public void MeanVarianceDividesByTheRootMeanSquare()
    {
        var (view, model) = Fit(View(), _ml.Transforms.NormalizeMeanVariance([new("N", "X"), new("M", "Y")]));
        float root = (float)Math.Sqrt((1 + 16 + 4 + 9) / 4.0), other = (float)Math.Sqrt((16 + 4) / 3.0);
        AssertClose([[1 / root, -4 / other], [4 / root, 2 / other], [2 / root, 0], [3 / root, float.NaN]], view, "N");
        var learned = (NormalizingTransformer.AffineNormalizerModelParameters<double>)model.GetNormalizerModelParameters(1);
        Assert.Equal(1 / Math.Sqrt(11 / 3.0), learned.Scale, 1e-12);
    }

    [Fact]
    public void MeanVarianceWithoutFixedZeroHasMean0AndDeviation1()
    {
        var (view, model) = Fit(View(), _ml.Transforms.NormalizeMeanVariance("Y", fixZero: false));
        double deviation = Math.Sqrt(8 / 3.0);
        Assert.Equal([0, 2 / deviation, double.NaN, -2 / deviation], view.GetColumn<double>("Y").Select(y => Math.Round(y, 12)), (x, y) => double.IsNaN(x) ? double.IsNaN(y) : Math.Abs(x - y) < 1e-9);
        var learned = (NormalizingTransformer.AffineNormalizerModelParameters<double>)model.GetNormalizerModelParameters(0);
        Assert.Equal(1, learned.Offset);
    }

    [Fact]
    public void TheCdfIsTheShareOfANormalDistributionBelowTheValue()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new { V = -1f }, new { V = 1f } });
        var (_, model) = Fit(data, _ml.Transforms.NormalizeMeanVariance("V", useCdf: true));
        var learned = (NormalizingTransformer.CdfNormalizerModelParameters<float>)model.GetNormalizerModelParameters(0);
        Assert.Equal((0f, 1f, false), (learned.Mean, learned.StandardDeviation, learned.UseLog));
        var more = _ml.Data.LoadFromEnumerable(new[] { new { V = -1f }, new { V = 0f }, new { V = 1f }, new { V = 2f }, new { V = float.NaN } });
        Assert.Equal([0.1587f, 0.5f, 0.8413f, 0.9772f, 0], model.Transform(more).GetColumn<float>("V"), (x, y) => Math.Abs(x - y) < 1e-3);
    }

    [Fact]
    public void TheOutputIsNormalizedAndKeepsTypeAndSlotNames()
    {
        var (view, _) = Fit(SparseView.Of(4, [(1, 5f)]), _ml.Transforms.NormalizeMinMax("N", "Values"));
        Assert.Equal("Vector<Single, 4>", view.Schema["N"].Type.ToString());
        Assert.Equal(["IsNormalized", "SlotNames"], view.Schema["N"].Annotations.Schema.Select(annotation => annotation.Name));
        Assert.True(view.Schema["N"].IsNormalized());
        Assert.Equal(["a", "b", "c", "d"], view.Schema["N"].Annotation("SlotNames"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SparseVectorsStaySparse(bool fixZero)
    {
        var data = SparseView.Of(4, [(1, 5f)], [(0, 7f), (3, 5f)]);
        foreach (var estimator in new[] { _ml.Transforms.NormalizeMinMax("Values", fixZero: fixZero), _ml.Transforms.NormalizeMeanVariance("Values") })
            Assert.Equal([1, 2], Fit(data, estimator).View.GetColumn<VBuffer<float>>("Values").Select(row => row.GetValues().Length));
        AssertClose([[0, 1, 0, 0], [1, 0, 0, 1]], Fit(data, _ml.Transforms.NormalizeMinMax("Values", fixZero: fixZero)).View, "Values");
    }

    [Fact]
    public void AFewOffsetsAreMergedIntoASparseVector()
    {
        var data = SparseView.Of(6, [(1, 1f), (2, 2f)], [(2, 4f)]);
        var model = _ml.Transforms.NormalizeMinMax("Values", fixZero: false).Fit(data);
        var view = model.Transform(SparseView.Of(6, [(2, 3f)], [(1, 1f), (4, 9f)], []));
        AssertClose([[0, 0, 0.5f, 0, 0, 0], [0, 1, -1, 0, 0, 0], [0, 0, -1, 0, 0, 0]], view, "Values");
        Assert.Equal([1, 3, 1], view.GetColumn<VBuffer<float>>("Values").Select(row => row.GetValues().Length));
    }

    [Fact]
    public void SparseAndDenseRowsGiveTheSame()
    {
        var sparse = SparseView.Of(2, [(0, 1f)], [(1, 0.3f)], [(0, 0.1f), (1, 7f)]);
        var dense = _ml.Data.LoadFromEnumerable(new[] { new Row { X = [1, 0] }, new Row { X = [0, 0.3f] }, new Row { X = [0.1f, 7] } });
        foreach (bool fixZero in new[] { true, false })
        {
            var fromSparse = _ml.Transforms.NormalizeMeanVariance("V", "Values", fixZero: fixZero).Fit(sparse).Transform(sparse);
            var fromDense = _ml.Transforms.NormalizeMeanVariance("V", "X", fixZero: fixZero).Fit(dense).Transform(dense);
            Assert.Equal(fromDense.Rows("V"), fromSparse.Rows("V"));
        }
    }

    [Fact]
    public void OnlySoManyRowsAreLearnedFrom()
    {
        var (_, model) = Fit(View(), _ml.Transforms.NormalizeMinMax("Y", maximumExampleCount: 2, fixZero: false));
        var learned = (NormalizingTransformer.AffineNormalizerModelParameters<double>)model.GetNormalizerModelParameters(0);
        Assert.Equal((0.5, 1.0), (learned.Scale, learned.Offset));
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("Y", maximumExampleCount: 1));
        Assert.Equal("Must be greater than 1 (Parameter 'maximumExampleCount')", fault.Message);
    }

    [Fact]
    public void AnUnknownColumnNumberIsRefused()
    {
        var model = _ml.Transforms.NormalizeMinMax("Y").Fit(View());
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => model.GetNormalizerModelParameters(1));
        Assert.Equal("Not valid. Valid range is from 0 (inclusive) to 1 (exclusive) but got 1. (Parameter 'index')", fault.Message);
    }

    [Fact]
    public void DimensionsSurviveSaving()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["X"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, 2, 1);
        var data = _ml.Data.LoadFromEnumerable([new Row { X = [1, 2] }, new Row { X = [3, 4] }], definition);
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.NormalizeMinMax("X").Fit(data), data.Schema, stream);
        Assert.Equal("Vector<Single, 1, 2, 1>", _ml.Model.Load(stream, out var schema).GetOutputSchema(schema)["X"].Type.ToString());
    }

    [Fact]
    public void OtherTypesAreRefused()
    {
        var estimator = _ml.Transforms.NormalizeMinMax("Petals");
        var data = Flower.View(_ml);
        Assert.Equal("Schema mismatch for input column 'Petals': expected vector or scalar of float or double, got Int32 (Parameter 'inputSchema')",
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(data.Schema))).Message);
        Assert.Equal("Wrong column type for input column. Expected: Single, Double, Vector of Single or Vector of Double. Got: Int32. (Parameter 'srcType')",
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("Leaves").Fit(data));
    }
}

public abstract class NormalizerContract : EstimatorContract
{
    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() =>
    [
        Flower.Numbers(ML),
        ML.Data.LoadFromEnumerable(new[] { new { Length = 1, Sizes = new float[3] } }),
        ML.Data.LoadFromEnumerable(new[] { new { Length = 1f, Sizes = new float[3] } }),
    ];
}

public sealed class NormalizeMinMaxContract : NormalizerContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.NormalizeMinMax([new("Length"), new("N", "Sizes")]);
}

public sealed class NormalizeMinMaxWithOffsetsContract : NormalizerContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.NormalizeMinMax([new("Length"), new("N", "Sizes")], fixZero: false);
}

public sealed class NormalizeMeanVarianceContract : NormalizerContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.NormalizeMeanVariance([new("Length"), new("N", "Sizes")], fixZero: false);
}

public sealed class NormalizeMeanVarianceByCdfContract : NormalizerContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.NormalizeMeanVariance([new("Length"), new("N", "Sizes")], useCdf: true);
}
