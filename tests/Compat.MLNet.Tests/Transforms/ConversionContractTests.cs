using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Transforms;

public sealed class ConvertTypeToDoubleContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator()
        => ML.Transforms.Conversion.ConvertType([new("Length"), new("Wide", "Sizes"), new("Loose", "Leaves"), new("Count", "Petals"), new("Name")], DataKind.Double);

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}

public sealed class ConvertTypeOfKeysContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Conversion.ConvertType("Kind", outputKind: DataKind.UInt64);

    protected override IDataView MakeData() => ML.Transforms.Conversion.MapValueToKey("Kind", "Colors").Fit(Flower.View(ML)).Transform(Flower.View(ML));

    // No such column, and a number with a fraction.
    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML), ML.Data.LoadFromEnumerable(new[] { new { Kind = 1f } })];
}

public sealed class ConvertTypeOfKeysToNumbersContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Conversion.ConvertType("Kind");

    protected override IDataView MakeData() => ML.Data.LoadFromEnumerable(new[] { new { Kind = true }, new { Kind = false } });

    protected override IEnumerable<IDataView> BadData() => [Flower.View(ML), ML.Data.LoadFromEnumerable(new[] { new { Kind = default(DataViewRowId) } })];
}

public sealed class MapValueContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Conversion.MapValue("Number", MapValueTests.Numbers, "Name");

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML), ML.Data.LoadFromEnumerable(new[] { new { Other = "a" } })];
}

public sealed class MapValueToKeysContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Conversion.MapValue("Colors", MapValueTests.Tints, treatValuesAsKeyType: true);

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}

public sealed class MapValueToVectorsContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Conversion.MapValue<string, float>("Name", MapValueTests.Vectors);

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}

public sealed class MapValueOfAViewContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator()
    {
        var map = ML.Transforms.Conversion.MapValueToKey("Label", "Petals").Fit(Flower.View(ML)).Transform(Flower.View(ML));
        var distinct = ML.Data.TakeRows(map, 2);
        return ML.Transforms.Conversion.MapValue("Label", distinct, distinct.Schema["Petals"], distinct.Schema["Label"], "Petals");
    }

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML), ML.Data.LoadFromEnumerable(new[] { new { Petals = "five" } })];
}

public abstract class KeysContract : EstimatorContract
{
    protected override IDataView MakeData()
    {
        var keys = ML.Transforms.Conversion.MapValueToKey([new("Name"), new("Colors"), new("Leaves")]);
        return keys.Fit(Flower.View(ML)).Transform(Flower.View(ML));
    }

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML), Flower.View(ML)];
}

public sealed class MapKeyToVectorContract : KeysContract
{
    protected override IEstimator<ITransformer> MakeEstimator()
        => ML.Transforms.Conversion.MapKeyToVector([new("Name"), new("Colors"), new("Leaves"), new("KindVector", "Kind")]);
}

public sealed class MapKeyToCountVectorContract : KeysContract
{
    protected override IEstimator<ITransformer> MakeEstimator()
        => ML.Transforms.Conversion.MapKeyToVector([new("Name"), new("Colors"), new("Leaves")], outputCountVector: true);
}

public sealed class MapKeyToBinaryVectorContract : KeysContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Conversion.MapKeyToBinaryVector("Bits", "Name");
}

public sealed class MapKeysToBinaryVectorContract : KeysContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Conversion.MapKeyToBinaryVector("Colors");
}

public abstract class OneHotEncodingContract(OneHotEncodingEstimator.OutputKind kind) : EstimatorContract
{
    protected override Type LoadedAs(ITransformer fitted) => typeof(TransformerChain<ITransformer>);

    protected override IEstimator<ITransformer> MakeEstimator()
        => ML.Transforms.Categorical.OneHotEncoding([new("Name"), new("Tints", "Colors"), new("Petals")], kind);

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}

public sealed class OneHotIndicatorContract() : OneHotEncodingContract(OneHotEncodingEstimator.OutputKind.Indicator);

public sealed class OneHotBagContract() : OneHotEncodingContract(OneHotEncodingEstimator.OutputKind.Bag);

public sealed class OneHotKeyContract() : OneHotEncodingContract(OneHotEncodingEstimator.OutputKind.Key);

public sealed class OneHotBinaryContract() : OneHotEncodingContract(OneHotEncodingEstimator.OutputKind.Binary);
