using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Transforms;

public sealed class ValueToKeyOfTextContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Conversion.MapValueToKey("Label", "Name");

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [ML.Data.LoadFromEnumerable(new[] { new { Other = "a" } })];
}

public sealed class ValueToKeyOfVectorsContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Conversion.MapValueToKey(
        [new("Sizes"), new("Tints", "Colors"), new("LeafKeys", "Leaves"), new("Length"), new("Petals"), new("KindAgain", "Kind")],
        keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}

public sealed class ValueToKeyWithTextAnnotationsContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator()
        => ML.Transforms.Conversion.MapValueToKey("Petals", addKeyValueAnnotationsAsText: true);

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}

public sealed class KeyToValueContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator()
        => ML.Transforms.Conversion.MapKeyToValue([new("Back", "Name"), new("Sizes"), new("Colors")]);

    protected override IDataView MakeData()
    {
        var keys = ML.Transforms.Conversion.MapValueToKey([new("Name"), new("Sizes"), new("Colors")]);
        return keys.Fit(Flower.View(ML)).Transform(Flower.View(ML));
    }

    // No such column, no keys, and keys without values.
    protected override IEnumerable<IDataView> BadData() => [ML.Data.LoadFromEnumerable(new[] { new { Other = "a" } }), Flower.Numbers(ML)];
}

public sealed class ConcatenateContract : EstimatorContract
{
    protected override bool FitChecksTheSchema => false;

    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Concatenate("Features", "Length", "Sizes");

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() =>
    [
        Flower.Numbers(ML),
        ML.Data.LoadFromEnumerable(new[] { new { Length = 1f, Sizes = "text" } }),
        ML.Data.LoadFromEnumerable(new[] { new { Length = 1, Sizes = new float[2] } }),
    ];
}

public sealed class ConcatenateOfUnknownSizesContract : EstimatorContract
{
    protected override bool FitChecksTheSchema => false;

    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Concatenate("Features", "Leaves", "Length", "Leaves");

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}

public sealed class CopyColumnsContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.CopyColumns("Copy", "Sizes");

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}

public sealed class SelectColumnsContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.SelectColumns("Petals", "Name");

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}

public sealed class DropColumnsContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.DropColumns("Petals", "Name");

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}

public sealed class CustomMappingContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.CustomMapping(new LeafCounter().GetMapping(), LeafCounter.Contract);

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [ML.Data.LoadFromEnumerable(new[] { new { Other = "a" } })];
}

public sealed class EstimatorChainContract : EstimatorContract
{
    protected override Type LoadedAs(ITransformer fitted) => typeof(TransformerChain<ITransformer>);

    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.Conversion.MapValueToKey("Label", "Name")
        .AppendCacheCheckpoint(ML).Append(ML.Transforms.Concatenate("Name", "Length", "Sizes")).Append(ML.Transforms.Conversion.MapKeyToValue("Back", "Label"));

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [ML.Data.LoadFromEnumerable(new[] { new { Other = "a" } })];
}

public sealed class OnFitDelegateContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.CopyColumns("Copy", "Sizes").WithOnFitDelegate(_ => { });

    protected override IDataView MakeData() => Flower.View(ML);

    protected override IEnumerable<IDataView> BadData() => [Flower.Numbers(ML)];
}
