using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Compat.MLNet.Tests.Data;

public sealed class EnumerableTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void EveryMemberTypeComesBackAsItWent()
    {
        var row = AllTypes.Sample();
        var data = _ml.Data.LoadFromEnumerable([row]);
        var back = Assert.Single(_ml.Data.CreateEnumerable<AllTypes>(data, reuseRowObject: false));
        Assert.Equivalent(row, back, strict: true);
    }

    [Fact]
    public void FieldsComeBeforePropertiesAndTypesFollowTheMembers()
    {
        var schema = _ml.Data.LoadFromEnumerable(new[] { AllTypes.Sample() }).Schema;
        Assert.Equal("Text", schema[0].Name);
        Assert.Equal("Vector<Single, 2, 3>", schema["Matrix"].Type.ToString());
        Assert.Equal("Vector<Single>", schema["Open"].Type.ToString());
        Assert.Equal("Vector<String, 2>", schema["Words"].Type.ToString());
        Assert.Equal("Renamed", schema["Renamed"].Name);
        Assert.Null(schema.GetColumnOrNull("Hidden"));
        Assert.Null(schema.GetColumnOrNull("Own"));
    }

    [Fact]
    public void KeyMembersAreReadFromZeroAndComeOutFromOne()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 0u, 2u, 3u, uint.MaxValue }.Select(label => new Keyed { Label = label }));
        Assert.Equal("Key<UInt32, 0-2>", data.Schema["Label"].Type.ToString());
        Assert.Equal([1u, 3u, 0u, 0u], data.GetColumn<uint>("Label"));
        var back = _ml.Data.CreateEnumerable<Keyed>(data, reuseRowObject: false);
        Assert.Equal([1u, 3u, 0u, 0u], back.Select(row => row.Label));
    }

    [Fact]
    public void AVectorOfDeclaredSizeMayHoldFewerValues()
    {
        var data = _ml.Data.LoadFromEnumerable([new Vectors { Fixed = [1, 2, 3] }]);
        Assert.Equal("Vector<Single, 4>", data.Schema["Fixed"].Type.ToString());
        Assert.Equal([1f, 2f, 3f], Assert.Single(data.GetColumn<float[]>("Fixed")));
    }

    [Fact]
    public void ANullVectorHasLengthZero()
    {
        var data = _ml.Data.LoadFromEnumerable([new Vectors()]);
        Assert.Equal("Vector<Single>", data.Schema["Open"].Type.ToString());
        Assert.Equal(0, Assert.Single(data.GetColumn<VBuffer<float>>("Open")).Length);
        Assert.Equal(0, Assert.Single(data.GetColumn<VBuffer<float>>("Fixed")).Length);
    }

    [Fact]
    public void ANullTextIsEmpty()
    {
        var data = _ml.Data.LoadFromEnumerable([new Named { Name = null }]);
        Assert.Equal("", Assert.Single(data.GetColumn<string>("Name")));
    }

    [Fact]
    public void ATypeWithoutColumnTypeIsNamed()
    {
        var fault = Assert.ThrowsAny<ArgumentException>(() => _ml.Data.LoadFromEnumerable(new List<WithUri>()));
        Assert.Equal("Could not determine an IDataView type and registered custom types for member Image (Parameter 'rawType')", fault.Message);
    }

    [Fact]
    public void AnImageMemberHasTheSizeOfItsAttribute()
    {
        var image = MLImage.CreateFromPixels(1, 2, MLPixelFormat.Rgba32, new byte[8]);
        var data = _ml.Data.LoadFromEnumerable([new Pictured { Image = image }]);
        Assert.Equal("Image<2, 1>", data.Schema["Image"].Type.ToString());
        Assert.Same(image, Assert.Single(_ml.Data.CreateEnumerable<Pictured>(data, reuseRowObject: false)).Image);
    }

    [Fact]
    public void TwoMembersOfOneColumnNameAreRefused()
    {
        var fault = Assert.ThrowsAny<ArgumentException>(() => _ml.Data.LoadFromEnumerable(new List<Twice>()));
        Assert.StartsWith("Duplicate column name 'A' detected, this is disallowed", fault.Message);
    }

    [Fact]
    public void ASchemaDefinitionRenamesRetypesAndAnnotates()
    {
        var definition = SchemaDefinition.Create(typeof(Vectors));
        definition["Open"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["Open"].AddAnnotation("Note", 7f, NumberDataViewType.Single);
        definition["Open"].ColumnName = "Features";
        var column = _ml.Data.LoadFromEnumerable([new Vectors { Open = [1, 2] }], definition).Schema["Features"];
        float note = 0;
        column.Annotations.GetValue("Note", ref note);
        Assert.Equal(7f, note);
        Assert.Equal("Vector<Single, 2>", column.Type.ToString());
    }

    [Fact]
    public void ADefinitionThatDoesNotFitItsMemberIsRefused()
    {
        var definition = SchemaDefinition.Create(typeof(Named));
        definition["Name"].ColumnType = NumberDataViewType.Single;
        var fault = Assert.ThrowsAny<ArgumentException>(() => _ml.Data.LoadFromEnumerable(new List<Named>(), definition));
        Assert.StartsWith("Column 'Name' is supposed to have item type System.Single, but associated field has type System.ReadOnlyMemory", fault.Message);
    }

    [Fact]
    public void ASchemaGivesItsTypesToTheMembers()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Open", new VectorDataViewType(NumberDataViewType.Single, 5));
        var data = _ml.Data.LoadFromEnumerable(new List<Vectors>(), builder.ToSchema());
        Assert.Equal("Vector<Single, 5>", data.Schema["Open"].Type.ToString());
        builder.AddColumn("Absent", TextDataViewType.Instance);
        Assert.ThrowsAny<ArgumentException>(() => _ml.Data.LoadFromEnumerable(new List<Vectors>(), builder.ToSchema()));
    }

    [Fact]
    public void AMissingColumnIsRefusedUnlessIgnored()
    {
        var data = _ml.Data.LoadFromEnumerable([new Named { Name = "x" }]);
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<Keyed>(data, reuseRowObject: false));
        Assert.Contains("Could not find", fault.Message);
        Assert.Contains("column 'Label'", fault.Message);
        Assert.Equal(0u, Assert.Single(_ml.Data.CreateEnumerable<Keyed>(data, false, ignoreMissingColumns: true)).Label);
    }

    [Fact]
    public void AColumnOfAnotherTypeThanItsMemberIsRefused()
    {
        var data = _ml.Data.LoadFromEnumerable([new { Label = "text" }]);
        var fault = Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateEnumerable<Keyed>(data, reuseRowObject: false));
        Assert.Equal("Can't bind the IDataView column 'Label' of type 'String' to field or property 'Label' of type 'System.UInt32'.", fault.Message);
    }

    [Fact]
    public void AReusedRowIsOneObjectAndAFreshOneIsNot()
    {
        var data = _ml.Data.LoadFromEnumerable([new Vectors { Open = [1] }, new Vectors { Open = [2] }]);
        var reused = _ml.Data.CreateEnumerable<Vectors>(data, reuseRowObject: true).ToList();
        var fresh = _ml.Data.CreateEnumerable<Vectors>(data, reuseRowObject: false).ToList();
        Assert.Same(reused[0], reused[1]);
        Assert.Equal([1f], fresh[0].Open);
        Assert.Equal([2f], fresh[1].Open);
    }

    [Fact]
    public void AListHasACountAndShufflesAndASequenceNeither()
    {
        var list = _ml.Data.LoadFromEnumerable(Numbers.Rows(20).ToList());
        var sequence = _ml.Data.LoadFromEnumerable(Numbers.Rows(20));
        Assert.Equal(20, list.GetRowCount());
        Assert.True(list.CanShuffle);
        Assert.Null(sequence.GetRowCount());
        Assert.False(sequence.CanShuffle);
    }

    [Fact]
    public void ANullRowIsRefused()
    {
        var data = _ml.Data.LoadFromEnumerable([new Named(), null]);
        var fault = Assert.Throws<InvalidOperationException>(() => data.GetColumn<string>("Name").ToList());
        Assert.Equal("Encountered null when iterating over data, this is not supported.", fault.Message);
    }

    [Fact]
    public void PropertiesWithoutSetterAreReadAndThoseWithoutGetterAreWritten()
    {
        var data = _ml.Data.LoadFromEnumerable([new OneWay { Read = 3 }]);
        Assert.Equal("ReadOnly", Assert.Single(data.Schema).Name);
        var back = new MLContext().Data.CreateEnumerable<OneWayBack>(data, false);
        Assert.Equal(3, Assert.Single(back).Read);
    }

    private sealed class Twice
    {
        public float A { get; set; }
        [ColumnName("A")] public float B { get; set; }
    }

    private sealed class WithUri
    {
        public Uri Image { get; set; }
    }

    private sealed class Pictured
    {
        [ImageType(2, 1)] public MLImage Image { get; set; }
    }

    private sealed class OneWay
    {
        internal int Read;
        public int ReadOnly => Read;
    }

    private sealed class OneWayBack
    {
        internal int Read;
        public int ReadOnly { set => Read = value; }
    }
}
