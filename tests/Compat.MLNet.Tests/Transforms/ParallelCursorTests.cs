using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Transforms;

public sealed class ParallelCursorTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Numbers(int count) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Input { Index = i }).ToList());

    private sealed class Input
    {
        public int Index { get; set; }
    }

    private sealed class Output
    {
        public int Square { get; set; }

        [VectorType(3)]
        public float[] Values { get; set; }
    }

    private static void Map(Input input, Output output)
    {
        if (input.Index % 17 == 0)
            Thread.Sleep(1);
        output.Square = input.Index * input.Index;
        output.Values = [input.Index, 0, 1];
    }

    private IDataView Mapped(int count)
    {
        var data = Numbers(count);
        return _ml.Transforms.CustomMapping<Input, Output>(Map, null).Fit(data).Transform(data);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1003)]
    public void RowsKeepTheirOrder(int count)
    {
        var view = Mapped(count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => i * i), view.GetColumn<int>("Square"));
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"{i} | {i * i} | [{i}, 0, 1]"), view.Rows());
    }

    [Fact]
    public void SeveralCursorsShareTheRows()
    {
        var view = Mapped(500);
        var cursors = view.GetRowCursorSet([view.Schema["Square"]], 4);
        Assert.Equal(4, cursors.Length);
        var merged = DataViewUtils.ConsolidateGeneric(null, cursors, 8);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i * i}"), ViewText.Rows(merged));
        merged.Dispose();
    }

    [Fact]
    public void IdentitiesTravelWithTheRows()
    {
        var view = Mapped(100);
        using var cursor = DataViewUtils.ConsolidateGeneric(null, view.GetRowCursorSet([view.Schema["Square"]], 3), 8);
        var id = cursor.GetIdGetter();
        DataViewRowId value = default;
        for (ulong i = 0; cursor.MoveNext(); i++)
        {
            id(ref value);
            Assert.Equal(new DataViewRowId(i, 0), value);
        }
    }

    [Fact]
    public void AWorkersErrorIsWrapped()
    {
        var data = Numbers(50);
        var view = _ml.Transforms.CustomMapping<Input, Output>((_, _) => throw new FileNotFoundException("gone.png"), null).Fit(data).Transform(data);
        using var cursor = DataViewUtils.ConsolidateGeneric(null, view.GetRowCursorSet([view.Schema["Square"]], 2), 8);
        var fault = Assert.Throws<InvalidOperationException>(() => cursor.MoveNext());
        Assert.Equal("Splitter/consolidator worker encountered exception while consuming source data", fault.Message);
        Assert.Equal("gone.png", Assert.IsType<FileNotFoundException>(fault.InnerException).Message);
    }

    [Fact]
    public void AFaultOfTheSourceEndsTheReadingOfAll()
    {
        static IEnumerable<Input> Broken()
        {
            for (int i = 0; i < 20; i++)
                yield return new Input { Index = i };
            throw new InvalidDataException("broken");
        }
        var data = _ml.Data.LoadFromEnumerable(Broken());
        var view = _ml.Transforms.CustomMapping<Input, Output>(Map, null).Fit(data).Transform(data);
        using var cursor = DataViewUtils.ConsolidateGeneric(null, view.GetRowCursorSet([view.Schema["Square"]], 3), 8);
        var fault = Assert.Throws<InvalidOperationException>(() => ViewText.Rows(cursor).Count());
        Assert.IsType<InvalidDataException>(fault.InnerException);
    }

    [Fact]
    public void LargeRowsComeOutInOrderToo()
    {
        var data = Numbers(60);
        var definition = SchemaDefinition.Create(typeof(Output));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 20_000);
        var mapping = _ml.Transforms.CustomMapping<Input, Output>((input, output) =>
        {
            output.Values = new float[20_000];
            output.Values[^1] = input.Index;
        }, null, outputSchemaDefinition: definition);
        var values = mapping.Fit(data).Transform(data).GetColumn<float[]>("Values");
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (float)i), values.Select(value => value[^1]));
    }

    [Fact]
    public void ACursorCanBeLeftEarly()
    {
        int calls = 0;
        var data = Numbers(100_000);
        var view = _ml.Transforms.CustomMapping<Input, Output>((_, _) => Interlocked.Increment(ref calls), null).Fit(data).Transform(data);
        using (var cursor = DataViewUtils.ConsolidateGeneric(null, view.GetRowCursorSet([view.Schema["Square"]], 2), 8))
            Assert.True(cursor.MoveNext());
        Assert.InRange(calls, 1, 1000);
    }

    [Fact]
    public void ReadingAllocatesNothingPerRow()
    {
        var view = _ml.Transforms.Concatenate("A", "Length", "Sizes").Fit(Many()).Transform(Many());
        // One of several: it shares its rows under a lock, and this thread takes them all.
        using var cursor = view.GetRowCursorSet([view.Schema["A"]], 2)[0];
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema["A"]);
        VBuffer<float> value = default;
        long before = 0;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            getter(ref value);
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2000);
    }

    private IDataView Many()
    {
        var flower = new Flower { Length = 1, Sizes = [1, 2, 3] };
        return _ml.Data.LoadFromEnumerable(Enumerable.Repeat(flower, 20_000).ToList());
    }
}
