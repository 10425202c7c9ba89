#nullable disable
using System.IO.Compression;
using System.Reflection;
using Microsoft.ML;

namespace CnnTrainers.Tests.Estimators;

/// <summary>What holds for every estimator and the transformer that it gives.</summary>
public abstract class EstimatorContract
{
    protected MLContext ML { get; } = new(seed: 1);

    /// <summary>Whether fitting refuses what the transformer refuses.</summary>
    protected virtual bool FitChecksTheSchema => true;

    /// <summary>What a saved transformer is loaded as: for most, itself.</summary>
    protected virtual Type LoadedAs(ITransformer fitted) => fitted.GetType();

    /// <summary>Whether a bad schema is told in the same words everywhere. ML.NET's own transforms often have three.</summary>
    protected virtual bool HasOneMessage => false;

    /// <summary>How far numbers may be apart where rows are computed in other groups; 0: not at all.</summary>
    protected virtual float Tolerance => 0;

    protected abstract IEstimator<ITransformer> MakeEstimator();

    protected abstract IDataView MakeData();

    /// <summary>Data whose schema the estimator must refuse.</summary>
    protected abstract IEnumerable<IDataView> BadData();

    /// <summary>The estimator under test, for those who look for estimators without a test.</summary>
    internal Type EstimatorType => MakeEstimator().GetType();

    /// <summary>The shape of a schema. ML.NET keeps the way to make one to itself.</summary>
    protected static SchemaShape ShapeOf(DataViewSchema schema) => (SchemaShape)typeof(SchemaShape)
        .GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Invoke(null, [schema]);

    [Fact]
    public void ThePromisedSchemaIsTheDeliveredOne()
    {
        var (data, estimator) = (MakeData(), MakeEstimator());
        var promised = estimator.GetOutputSchema(ShapeOf(data.Schema)).ToDictionary(column => column.Name);
        using var fitted = new Fitted(estimator, data);
        var delivered = ShapeOf(fitted.Transformer.GetOutputSchema(data.Schema)).ToDictionary(column => column.Name);
        Assert.Equal(promised.Keys.Order(), delivered.Keys.Order());
        Assert.All(promised.Values, column => Assert.Equal(Text(column), Text(delivered[column.Name])));
    }

    [Fact]
    public void TheDataHasTheSchemaThatWasAnnounced()
    {
        var data = MakeData();
        using var fitted = new Fitted(MakeEstimator(), data);
        Assert.Equal(fitted.Transformer.GetOutputSchema(data.Schema).Whole(), fitted.View.Schema.Whole());
    }

    [Fact]
    public void ALoadedTransformerGivesTheSame()
    {
        var data = MakeData();
        using var fitted = new Fitted(MakeEstimator(), data);
        using var loaded = new Fitted(Load(Save(fitted.Transformer, data.Schema), out var schema), data);
        Assert.IsType(LoadedAs(fitted.Transformer), loaded.Transformer);
        Assert.Equal(Saved(data.Schema), schema.Whole());
        Assert.Equal(fitted.View.Schema.Whole(), loaded.View.Schema.Whole());
        Assert.Equal(fitted.View.Rows(), loaded.View.Rows());
    }

    [Fact]
    public void SavingTwiceAndSavingWhatWasLoadedGivesTheSameEntries()
    {
        var data = MakeData();
        using var fitted = new Fitted(MakeEstimator(), data);
        var saved = Save(fitted.Transformer, data.Schema);
        Assert.Equal(Entries(saved), Entries(Save(fitted.Transformer, data.Schema)));
        using var loaded = new Fitted(Load(saved, out var schema), data);
        Assert.Equal(Entries(saved), Entries(Save(loaded.Transformer, schema)));
    }

    [Fact]
    public void ABadSchemaFailsEverywhereAlike()
    {
        using var fitted = new Fitted(MakeEstimator(), MakeData());
        Assert.All(BadData(), bad =>
        {
            var announced = Assert.ThrowsAny<Exception>(() => MakeEstimator().GetOutputSchema(ShapeOf(bad.Schema)));
            AssertSame(announced, Assert.Throws(announced.GetType(), () => fitted.Transformer.GetOutputSchema(bad.Schema)));
            AssertSame(announced, Assert.Throws(announced.GetType(), () => fitted.Transformer.Transform(bad)));
            if (FitChecksTheSchema)
                AssertSame(announced, Assert.Throws(announced.GetType(), () => MakeEstimator().Fit(bad)));
        });
    }

    [Fact]
    public void RowsAreTheSameOneByOneAndFromCursorsOfAllKinds()
    {
        var data = MakeData();
        using var fitted = new Fitted(MakeEstimator(), data);
        var (view, expected) = (fitted.View, fitted.View.Rows());
        var set = view.GetRowCursorSet(view.Schema, 3);
        AssertSame(expected.Order(), set.SelectMany(cursor => ViewText.Rows(cursor).ToList()).Order());
        using (var shuffled = view.GetRowCursor(view.Schema, new Random(1)))
            AssertSame(expected.Order(), ViewText.Rows(shuffled).Order());
        if (fitted.Transformer.IsRowToRowMapper)
            AssertSame(expected, OneByOne(fitted.Transformer, data));
        else
            Assert.ThrowsAny<Exception>(() => fitted.Transformer.GetRowToRowMapper(data.Schema));
    }

    [Fact]
    public void AColumnIsTheSameWhicheverOthersAreActive()
    {
        using var fitted = new Fitted(MakeEstimator(), MakeData());
        var (view, whole) = (fitted.View, fitted.View.Rows().Select(row => row.Split(" | ")).ToList());
        Assert.All(view.Schema, column =>
        {
            using var cursor = view.GetRowCursor([column]);
            Assert.Equal(view.Schema.Where(one => one.Index == column.Index), view.Schema.Where(cursor.IsColumnActive));
            AssertSame(whole.Select(row => row[column.Index]), ViewText.Rows(cursor));
        });
    }

    [Fact]
    public void TwoFitsAreAlikeAndIndependent()
    {
        var (data, estimator) = (MakeData(), MakeEstimator());
        using var second = new Fitted(estimator.Fit(data), data);
        List<string> expected;
        using (var first = new Fitted(estimator.Fit(data), data))
        {
            Assert.NotSame(first.View, second.View);
            Assert.Equal(first.View.Schema.Whole(), second.View.Schema.Whole());
            expected = first.View.Rows();
        }
        Assert.Equal(expected, second.View.Rows());
    }

    private static byte[] Save(ITransformer transformer, DataViewSchema inputSchema)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(transformer, inputSchema, stream);
        return stream.ToArray();
    }

    // The zip itself holds the time of saving.
    private static List<string> Entries(byte[] model)
    {
        using var zip = new ZipArchive(new MemoryStream(model));
        return zip.Entries.Select(entry => $"{entry.FullName} {entry.Length} {entry.Crc32}").ToList();
    }

    private static ITransformer Load(byte[] model, out DataViewSchema inputSchema) => new MLContext().Model.Load(new MemoryStream(model), out inputSchema);

    // Columns of images are not saved with a schema.
    private static List<string> Saved(DataViewSchema schema)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema.Where(column => !column.Type.ToString().StartsWith("Image", StringComparison.Ordinal)));
        return builder.ToSchema().Whole();
    }

    private static string Text(SchemaShape.Column column) => $"{column.Name} {column.Kind} {column.ItemType} {(column.IsKey ? "key" : "")} "
        + $"({string.Join("; ", column.Annotations.Select(Text).Order(StringComparer.Ordinal))})";

    private void AssertSame(Exception expected, Exception actual)
    {
        if (HasOneMessage)
            Assert.Equal(expected.Message, actual.Message);
    }

    private static List<string> OneByOne(ITransformer transformer, IDataView data)
    {
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        Assert.Equal(transformer.GetOutputSchema(data.Schema).Whole(), mapper.OutputSchema.Whole());
        using var cursor = data.GetRowCursor(mapper.GetDependencies(mapper.OutputSchema));
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        List<string> rows = [];
        while (cursor.MoveNext())
            rows.Add(row.Text());
        return rows;
    }

    private void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        if (Tolerance == 0)
        {
            Assert.Equal(expected, actual);
            return;
        }
        string[] left = Tokens(expected), right = Tokens(actual);
        Assert.Equal(left.Length, right.Length);
        foreach (var (one, other) in left.Zip(right))
            if (one != other)
                Assert.Equal(float.Parse(one), float.Parse(other), Tolerance);
    }

    private static string[] Tokens(IEnumerable<string> rows) => string.Join(" | ", rows).Split([' ', ',', '|', '[', ']'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A transformer with a view over the data, disposed of where it can be.</summary>
    private sealed class Fitted(ITransformer transformer, IDataView data) : IDisposable
    {
        public Fitted(IEstimator<ITransformer> estimator, IDataView data)
            : this(estimator.Fit(data), data)
        {
        }

        public ITransformer Transformer => transformer;

        public IDataView View { get; } = transformer.Transform(data);

        public void Dispose() => (transformer as IDisposable)?.Dispose();
    }
}
