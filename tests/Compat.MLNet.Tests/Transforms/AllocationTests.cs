using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Transforms;

public sealed class AllocationTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Cases => ["convert", "map", "indicator", "bag", "binary", "minmax", "variance", "cdf"];

    private IEstimator<ITransformer> Make(string name) => name switch
    {
        "convert" => _ml.Transforms.Conversion.ConvertType("Out", "Sizes", DataKind.Double),
        "map" => _ml.Transforms.Conversion.MapValue("Out", MapValueTests.Numbers, "Colors"),
        "indicator" => _ml.Transforms.Categorical.OneHotEncoding("Out", "Colors"),
        "bag" => _ml.Transforms.Categorical.OneHotEncoding("Out", "Colors", OneHotEncodingEstimator.OutputKind.Bag),
        "binary" => _ml.Transforms.Categorical.OneHotEncoding("Out", "Colors", OneHotEncodingEstimator.OutputKind.Binary),
        "minmax" => _ml.Transforms.NormalizeMinMax("Out", "Sizes", fixZero: false),
        "variance" => _ml.Transforms.NormalizeMeanVariance("Out", "Sizes"),
        _ => _ml.Transforms.NormalizeMeanVariance("Out", "Sizes", useCdf: true),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void GettersAllocateNothingPerRow(string name)
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3000)
            .Select(i => new Flower { Colors = [$"c{i % 3}", "d"], Sizes = [i, 1, i % 5] }).ToList());
        var mapper = Make(name).Fit(data).GetRowToRowMapper(data.Schema);
        using var cursor = data.GetRowCursor(data.Schema);
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var read = name == "convert" ? Reader<double>(row, mapper.OutputSchema["Out"]) : Reader<float>(row, mapper.OutputSchema["Out"]);
        long before = 0;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            read();
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2000);
    }

    private static Action Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () => getter(ref value);
    }
}
