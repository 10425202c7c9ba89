using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Data;

public sealed class TextLoaderTests : IDisposable
{
    private readonly MLContext _ml = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void AClassSaysWhichFieldsAreWhichColumns()
    {
        var data = _ml.Data.LoadFromTextFile<Flower>(Write("width,a,b,kind,place", "0.5,1,2,1,here", "1.5,3,4,9,there"), ',', hasHeader: true);
        Assert.Equal("Single, Vector<Single, 2>, Key<UInt32, 0-2>, String", string.Join(", ", data.Schema.Select(column => column.Type)));
        Assert.Equal([0.5f, 1.5f], data.GetColumn<float>("Width"));
        Assert.Equal([3f, 4f], data.GetColumn<float[]>("Sizes").Last());
        Assert.Equal([2u, 0u], data.GetColumn<uint>("Kind"));
        Assert.Equal(["here", "there"], data.GetColumn<string>("Where"));
    }

    [Fact]
    public void TheHeaderNamesTheSlotsOfVectors()
    {
        var data = _ml.Data.LoadFromTextFile<Flower>(Write("width, a ,b,kind,place", "0,1,2,1,x"), ',', hasHeader: true);
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Sizes"].GetSlotNames(ref names);
        Assert.Equal(["a", "b"], names.DenseValues().Select(name => name.ToString()));
        Assert.False(data.Schema["Width"].HasSlotNames());
    }

    [Fact]
    public void EveryKindIsParsed()
    {
        var kinds = Enum.GetValues<DataKind>();
        var columns = kinds.Select((kind, i) => new TextLoader.Column(kind.ToString(), kind, i)).ToArray();
        string[] fields = ["-1", "2", "-3", "4", "-5", "6", "-7", "8", "1.5", "-2.5e3", "text", "true", "01:02:03", "2024-02-29", "2024-02-29T01:02:03+02:00"];
        var row = _ml.Data.LoadFromTextFile(Write(string.Join('\t', fields)), columns).Preview().RowView[0];
        object[] expected = [(sbyte)-1, (byte)2, (short)-3, (ushort)4, -5, 6u, -7L, 8UL, 1.5f, -2500.0];
        Assert.Equal(expected, row.Values.Take(10).Select(value => value.Value));
        Assert.Equal("text", row.Values[10].Value.ToString());
        Assert.Equal(true, row.Values[11].Value);
        Assert.Equal(new TimeSpan(1, 2, 3), row.Values[12].Value);
        Assert.Equal(new DateTime(2024, 2, 29), row.Values[13].Value);
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(2)), row.Values[14].Value);
    }

    [Fact]
    public void EmptyRealsAreZeroOrNaNAndBadOnesNaN()
    {
        string path = Write("1,,x", "?,2,3");
        Assert.Equal([[1, 0, float.NaN], [float.NaN, 2, 3]], Reals(path, false));
        Assert.Equal([[1, float.NaN, float.NaN], [float.NaN, 2, 3]], Reals(path, true));
    }

    [Fact]
    public void WhatCanNotBeReadIsToldInTheLog()
    {
        var log = new List<string>();
        _ml.Log += (_, message) => log.Add(message.RawMessage);
        var data = _ml.Data.LoadFromTextFile(Write("1", "x", "3"), [new TextLoader.Column("A", DataKind.Int32, 0)]);
        Assert.Equal([1, 0, 3], data.GetColumn<int>("A"));
        Assert.Contains("  Bad value at line 2 in column A", log);
        Assert.Contains("Processed 3 rows with 1 bad values and 0 format errors", log);
    }

    [Fact]
    public void QuotedFieldsHoldSeparatorsQuotesAndLines()
    {
        string path = Write("\"a,b\",\"say \"\"hi\"\"\",\"\"", "\"two", "lines\",x,y");
        var options = new TextLoader.Options { Separators = [','], AllowQuoting = true, ReadMultilines = true, Columns = Texts(3) };
        var rows = Values(_ml.Data.LoadFromTextFile(path, options));
        Assert.Equal([["a,b", "say \"hi\"", ""], ["two\nlines", "x", "y"]], rows);
    }

    [Fact]
    public void QuotesAreOrdinaryCharactersUnlessAllowed()
        => Assert.Equal([["\"a", "b\""]], Values(_ml.Data.LoadFromTextFile(Write("\"a,b\""), Texts(2), ',')));

    [Fact]
    public void AnotherEscapeCharacterKeepsItsQuote()
    {
        var options = new TextLoader.Options { Separators = [','], AllowQuoting = true, EscapeChar = '\\', Columns = Texts(2) };
        Assert.Equal([["a\"b", "c"]], Values(_ml.Data.LoadFromTextFile(Write("\"a\\\"b\",c"), options)));
    }

    [Fact]
    public void SparseLinesGiveTheLengthThenPairs()
    {
        var columns = new[] { new TextLoader.Column("Label", DataKind.Single, 0), new TextLoader.Column("Features", DataKind.Single, 1, 10) };
        var data = _ml.Data.LoadFromTextFile(Write("1 10 2:6 4:3", "0 1 2 3 4 5 6 7 8 9 10"), columns, ' ', allowSparse: true);
        var rows = data.GetColumn<VBuffer<float>>("Features").ToList();
        Assert.Equal(2, rows[0].GetValues().Length);
        Assert.Equal([0, 0, 6, 0, 3, 0, 0, 0, 0, 0], rows[0].DenseValues());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], rows[1].DenseValues());
        Assert.Equal([1f, 0f], data.GetColumn<float>("Label"));
    }

    [Fact]
    public void OpenRangesTakeWhatTheDataHas()
    {
        var columns = new[]
        {
            new TextLoader.Column("First", DataKind.Single, 0),
            new TextLoader.Column("Rest", DataKind.Single, [new TextLoader.Range(1, null)]),
            new TextLoader.Column("Ragged", DataKind.Single, [new TextLoader.Range { Min = 1, VariableEnd = true }]),
            new TextLoader.Column("Others", DataKind.Single, [new TextLoader.Range { AllOther = true }]),
        };
        var schema = _ml.Data.LoadFromTextFile(Write("1,2,3", "4,5,6"), columns[..2], ',').Schema;
        Assert.Equal("Vector<Single, 2>", schema["Rest"].Type.ToString());
        var ragged = _ml.Data.LoadFromTextFile(Write("1,2,3", "4,5"), [columns[2]], ',');
        Assert.Equal([2, 1], ragged.GetColumn<float[]>("Ragged").Select(values => values.Length));
        var others = _ml.Data.LoadFromTextFile(Write("1,2,3"), [new TextLoader.Column("Second", DataKind.Single, 1), columns[3]], ',');
        Assert.Equal([1f, 3f], others.GetColumn<float[]>("Others").Single());
    }

    [Fact]
    public void EmptyLinesAndCommentsOnTopAreLeftOut()
    {
        var data = _ml.Data.LoadFromTextFile(Write("// about", "", "a", "   ", "// b"), Texts(1));
        Assert.Equal([["a"], ["// b"]], Values(data));
    }

    [Fact]
    public void WhiteSpaceAtTheEndOfLinesCanBeTrimmed()
    {
        string path = Write("a , b  ");
        Assert.Equal([["a ", "b"]], Values(_ml.Data.LoadFromTextFile(path, Texts(2), ',', trimWhitespace: true)));
        Assert.Equal([["a ", "b  "]], Values(_ml.Data.LoadFromTextFile(path, Texts(2), ',')));
    }

    [Fact]
    public void RowsCanBeLimitedAndDecimalsMarkedByAComma()
    {
        var options = new TextLoader.Options { Separators = [';'], DecimalMarker = ',', MaxRows = 1, Columns = [new("A", DataKind.Single, 0)] };
        Assert.Equal([1.5f], _ml.Data.LoadFromTextFile(Write("1,5;x", "2,5;y"), options).GetColumn<float>("A"));
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        var fault = Assert.ThrowsAny<ArgumentException>(() => _ml.Data.LoadFromTextFile<Flower>(_path + ".absent"));
        Assert.Equal($"File does not exist at path: {_path}.absent (Parameter 'path')", fault.Message);
    }

    [Fact]
    public void SeveralFilesAreReadOneAfterAnother()
    {
        string second = Write("b") + ".2";
        File.WriteAllText(second, "c");
        var loader = _ml.Data.CreateTextLoader(Texts(1));
        Assert.Equal([["b"], ["c"]], Values(loader.Load(new MultiFileSource(_path, second))));
        File.Delete(second);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SavedTextDescribesItselfAndLoadsBack(bool forceDense)
    {
        var rows = new[]
        {
            new Saved { Name = "a\tb \"c\"", Kind = 2, Flag = true, Real = 0.1, Items = [0, 0, 0, 0, 0, 0, 0, 1.5f] },
            new Saved { Name = "plain", Kind = 0, Flag = true, Real = double.NaN, Items = [0, 0, 0, 0, 0, 0, 0, 2] },
        };
        var data = _ml.Data.LoadFromEnumerable(rows);
        using (var stream = File.Create(_path))
            _ml.Data.SaveAsText(data, stream, forceDense: forceDense);
        var back = _ml.Data.LoadFromTextFile(_path);
        Assert.Equal(data.Schema.Select(column => $"{column.Name} {column.Type}"), back.Schema.Select(column => $"{column.Name} {column.Type}"));
        Assert.Equal(data.Preview().RowView.Select(Show), back.Preview().RowView.Select(Show));
    }

    [Fact]
    public void SavedTextCanGoWithoutDescriptionAndHeader()
    {
        using var stream = new MemoryStream();
        _ml.Data.SaveAsText(_ml.Data.LoadFromEnumerable(Numbers.Rows(2)), stream, ',', headerRow: false, schema: false);
        Assert.Equal("0,0,g0\n1,1,g1\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static string Show(DataDebuggerPreview.RowInfo row)
        => string.Join("|", row.Values.Select(value => value.Value is VBuffer<float> vector ? string.Join(" ", vector.DenseValues()) : value.Value));

    private static TextLoader.Column[] Texts(int count)
        => [.. Enumerable.Range(0, count).Select(i => new TextLoader.Column($"T{i}", DataKind.String, i))];

    private static string[][] Values(IDataView data)
        => [.. data.Preview().RowView.Select(row => row.Values.Select(value => value.Value.ToString()).ToArray())];

    private List<float[]> Reals(string path, bool missingRealsAsNaNs)
    {
        var options = new TextLoader.Options { Separators = [','], MissingRealsAsNaNs = missingRealsAsNaNs, Columns = [new("A", DataKind.Single, 0, 2)] };
        return [.. _ml.Data.LoadFromTextFile(path, options).GetColumn<float[]>("A")];
    }

    private string Write(params string[] lines)
    {
        File.WriteAllText(_path, string.Join('\n', lines));
        return _path;
    }

    private sealed class Flower
    {
        [LoadColumn(0)] public float Width { get; set; }
        [LoadColumn(1, 2)] public float[] Sizes { get; set; }
        [LoadColumn(3), KeyType(3)] public uint Kind { get; set; }
        [LoadColumn(4), ColumnName("Where")] public string Place { get; set; }
        public string NotInTheFile { get; set; }
    }

    private sealed class Saved
    {
        public string Name { get; set; }
        [KeyType(3)] public uint Kind { get; set; }
        public bool Flag { get; set; }
        public double Real { get; set; }
        [VectorType(8)] public float[] Items { get; set; }
    }
}
