using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Transforms;

public sealed class ChainTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void PlainUseTakesOnlyThePartsForScoring()
    {
        var data = Flower.View(_ml);
        var model = _ml.Transforms.CopyColumns("A", "Name")
            .Append(_ml.Transforms.CopyColumns("B", "Name"), TransformerScope.TrainTest)
            .Append(_ml.Transforms.CopyColumns("C", "Name"))
            .Fit(data);
        Assert.Null(model.Transform(data).Schema.GetColumnOrNull("B"));
        Assert.NotNull(model.Transform(data, TransformerScope.Training).Schema.GetColumnOrNull("B"));
        Assert.Null(model.GetOutputSchema(data.Schema).GetColumnOrNull("B"));
        Assert.Equal(3, model.Count());
        Assert.Equal(2, model.GetModelFor(TransformerScope.Scoring).Count());
    }

    [Fact]
    public void ScopesAreSaved()
    {
        var data = Flower.View(_ml);
        var model = _ml.Transforms.CopyColumns("A", "Name").Append(_ml.Transforms.CopyColumns("B", "Name"), TransformerScope.Testing).Fit(data);
        var loaded = Assert.IsType<TransformerChain<ITransformer>>(SaveAndLoad(model, data.Schema));
        Assert.Equal([TransformerScope.Everything, TransformerScope.Testing], ((ITransformerChainAccessor)loaded).Scopes);
    }

    [Fact]
    public void AChainInAChainIsSavedAsSuch()
    {
        var data = Flower.View(_ml);
        IEstimator<ITransformer> inner = _ml.Transforms.CopyColumns("A", "Name").Append(_ml.Transforms.CopyColumns("B", "A"));
        var model = inner.Append(_ml.Transforms.CopyColumns("C", "B")).Fit(data);
        var loaded = (TransformerChain<ITransformer>)SaveAndLoad(model, data.Schema);
        Assert.IsType<TransformerChain<ITransformer>>(loaded.First());
        Assert.Equal(model.Transform(data).Rows("A", "B", "C"), loaded.Transform(data).Rows("A", "B", "C"));
    }

    [Fact]
    public void TransformersCanBeChainedWithoutFitting()
    {
        var data = Flower.View(_ml);
        ITransformer first = _ml.Transforms.CopyColumns("A", "Name").Fit(data);
        var second = _ml.Transforms.CopyColumns("B", "A").Fit(first.Transform(data));
        var third = _ml.Transforms.SelectColumns("B").Fit(second.Transform(first.Transform(data)));
        var chain = first.Append(second).Append(third);
        Assert.Equal(["B: String"], chain.Transform(data).Schema.Columns());
        Assert.Equal(3, chain.Count());
        Assert.Same(chain.Last(), chain.LastTransformer);
    }

    [Fact]
    public void ASchemaThatDoesNotFitFailsBeforeAnythingIsFitted()
    {
        int fitted = 0;
        var pipeline = _ml.Transforms.CopyColumns("A", "Name").WithOnFitDelegate(_ => fitted++).Append(_ml.Transforms.CopyColumns("B", "Q"));
        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(Flower.View(_ml)));
        Assert.Equal(0, fitted);
    }

    [Fact]
    public void TheDelegateGetsTheTransformerOfEachFit()
    {
        var seen = new List<ITransformer>();
        var estimator = _ml.Transforms.CopyColumns("A", "Name").WithOnFitDelegate(seen.Add);
        var transformer = estimator.Fit(Flower.View(_ml));
        estimator.Append(_ml.Transforms.CopyColumns("B", "A")).Fit(Flower.View(_ml));
        Assert.Equal(2, seen.Count);
        Assert.Same(transformer, seen[0]);
    }

    [Fact]
    public void ACacheCheckpointReadsTheSourceOnce()
    {
        int reads = 0;
        IEnumerable<Flower> Source()
        {
            reads++;
            foreach (var flower in Flower.Some())
                yield return flower;
        }
        var data = _ml.Data.LoadFromEnumerable(Source());
        var model = _ml.Transforms.CopyColumns("A", "Name")
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label", "A"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("A"))
            .Fit(data);
        Assert.Equal(1, reads);
        Assert.Equal(["1", "2", "0", "1", "3"], model.Transform(data).Rows("A"));
    }

    [Fact]
    public void DisposingAChainDisposesItsParts()
    {
        var part = new DisposablePart();
        var chain = new TransformerChain<ITransformer>(part);
        chain.Dispose();
        chain.Dispose();
        Assert.Equal(1, part.Disposals);
    }

    [Fact]
    public void OnlyWhatAColumnDependsOnIsRead()
    {
        var data = Flower.View(_ml);
        ITransformer model = _ml.Transforms.Concatenate("A", "Length", "Sizes").Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Name")).Fit(data);
        var mapper = model.GetRowToRowMapper(data.Schema);
        var needed = mapper.GetDependencies([mapper.OutputSchema["A"]]);
        Assert.Equal(["Length", "Sizes"], needed.Select(column => column.Name));
    }

    private static ITransformer SaveAndLoad(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(model, schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out _);
    }

    private sealed class DisposablePart : ITransformer, IDisposable
    {
        public int Disposals { get; private set; }

        public bool IsRowToRowMapper => false;

        public void Dispose() => Disposals++;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => null;

        public void Save(ModelSaveContext ctx)
        {
        }
    }
}
