using Microsoft.ML;

namespace Compat.MLNet.Tests.Transforms;

/// <summary>What holds for every estimator and the transformer that it gives.</summary>
public abstract class EstimatorContract
{
    protected MLContext ML { get; } = new(seed: 1);

    /// <summary>Whether fitting refuses what the transformer refuses.</summary>
    protected virtual bool FitChecksTheSchema => true;

    /// <summary>What a saved transformer is loaded as: for most, itself.</summary>
    protected virtual Type LoadedAs(ITransformer fitted) => fitted.GetType();

    protected abstract IEstimator<ITransformer> MakeEstimator();

    protected abstract IDataView MakeData();

    /// <summary>Data whose schema the estimator must refuse.</summary>
    protected abstract IEnumerable<IDataView> BadData();

    [Fact]
    public void ThePromisedSchemaIsTheDeliveredOne()
    {
        var (data, estimator) = (MakeData(), MakeEstimator());
        var promised = estimator.GetOutputSchema(SchemaShape.Create(data.Schema)).ToDictionary(column => column.Name);
        var delivered = SchemaShape.Create(estimator.Fit(data).GetOutputSchema(data.Schema)).ToDictionary(column => column.Name);
        Assert.Equal(promised.Keys.Order(), delivered.Keys.Order());
        Assert.All(promised.Values, column => Assert.True(column.IsCompatibleWith(delivered[column.Name]), column.Name));
    }

    [Fact]
    public void TheDataHasTheSchemaThatWasAnnounced()
    {
        var data = MakeData();
        var transformer = MakeEstimator().Fit(data);
        Assert.Equal(transformer.GetOutputSchema(data.Schema).Columns(), transformer.Transform(data).Schema.Columns());
    }

    [Fact]
    public void ALoadedTransformerGivesTheSame()
    {
        var data = MakeData();
        var transformer = MakeEstimator().Fit(data);
        var loaded = SaveAndLoad(transformer, data.Schema, out var schema);
        Assert.Equal(data.Schema.Columns(), schema.Columns());
        Assert.IsType(LoadedAs(transformer), loaded);
        Assert.Equal(transformer.Transform(data).Schema.Columns(), loaded.Transform(data).Schema.Columns());
        Assert.Equal(transformer.Transform(data).Rows(), loaded.Transform(data).Rows());
    }

    [Fact]
    public void SavingTwiceAndSavingWhatWasLoadedGivesTheSameBytes()
    {
        var data = MakeData();
        var transformer = MakeEstimator().Fit(data);
        byte[] saved = Save(transformer, data.Schema);
        Assert.Equal(saved, Save(transformer, data.Schema));
        Assert.Equal(saved, Save(SaveAndLoad(transformer, data.Schema, out var schema), schema));
    }

    [Fact]
    public void ABadSchemaFailsEverywhereAlike()
    {
        var transformer = MakeEstimator().Fit(MakeData());
        Assert.All(BadData(), bad =>
        {
            var announced = Assert.ThrowsAny<Exception>(() => MakeEstimator().GetOutputSchema(SchemaShape.Create(bad.Schema)));
            Assert.Throws(announced.GetType(), () => transformer.GetOutputSchema(bad.Schema));
            Assert.Throws(announced.GetType(), () => transformer.Transform(bad));
            if (FitChecksTheSchema)
                Assert.Throws(announced.GetType(), () => MakeEstimator().Fit(bad));
        });
    }

    [Fact]
    public void RowsAreTheSameOneByOneAndFromSeveralCursors()
    {
        var data = MakeData();
        var transformer = MakeEstimator().Fit(data);
        var view = transformer.Transform(data);
        var expected = view.Rows();
        Assert.Equal(expected, OneByOne(transformer, data));
        var cursors = view.GetRowCursorSet(view.Schema, 3);
        Assert.Equal(expected.Order(), cursors.SelectMany(cursor => ViewText.Rows(cursor).ToList()).Order());
    }

    private static IEnumerable<string> OneByOne(ITransformer transformer, IDataView data)
    {
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        using var cursor = data.GetRowCursor(mapper.GetDependencies(mapper.OutputSchema));
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        while (cursor.MoveNext())
            yield return row.Text();
    }

    private static ITransformer SaveAndLoad(ITransformer transformer, DataViewSchema inputSchema, out DataViewSchema schema)
    {
        using var stream = new MemoryStream(Save(transformer, inputSchema));
        return new MLContext().Model.Load(stream, out schema);
    }

    private static byte[] Save(ITransformer transformer, DataViewSchema inputSchema)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(transformer, inputSchema, stream);
        return stream.ToArray();
    }
}
