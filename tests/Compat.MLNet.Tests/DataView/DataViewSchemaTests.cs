using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.DataView;

public sealed class DataViewSchemaTests
{
    private static DataViewSchema Hiding()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", TextDataViewType.Instance);
        builder.AddColumn("Pixels", new VectorDataViewType(NumberDataViewType.Byte, 4));
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 2));
        return builder.ToSchema();
    }

    [Fact]
    public void ALaterColumnHidesAnEarlierOneOfItsName()
    {
        DataViewSchema schema = Hiding();
        Assert.Equal([true, false, false], schema.Select(c => c.IsHidden));
        Assert.Equal(2, schema["Label"].Index);
        Assert.Equal("Label: String", schema[0].ToString());
        Assert.Equal("Label: Key<UInt32, 0-1>", schema["Label"].ToString());
        Assert.Equal("3 columns", schema.ToString());
    }

    [Fact]
    public void AnAbsentColumnIsNamedInTheError()
    {
        DataViewSchema schema = Hiding();
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => schema["Nope"]);
        Assert.Equal("Column 'Nope' not found (Parameter 'name')", fault.Message);
        Assert.Null(schema.GetColumnOrNull("Nope"));
        Assert.Throws<ArgumentOutOfRangeException>(() => schema[3]);
        Assert.Throws<ArgumentNullException>(() => schema[null]);
    }

    [Fact]
    public void AnnotationsKeepValuesAndPrintTheirKinds()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddSlotNames(2, (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(2, ["a".AsMemory(), "b".AsMemory()]));
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("V", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        DataViewSchema.Column column = builder.ToSchema()["V"];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        Assert.Equal("V: Vector<Single, 2> {SlotNames, IsNormalized}", column.ToString());
        Assert.Equal(["a", "b"], names.DenseValues().Select(n => n.ToString()));
        Assert.True(column.HasSlotNames());
        Assert.True(column.IsNormalized());
        Assert.False(column.HasKeyValues());
    }

    [Fact]
    public void AnAbsentAnnotationIsAnError()
    {
        bool value = false;
        var fault = Assert.Throws<InvalidOperationException>(() => DataViewSchema.Annotations.Empty.GetValue("IsNormalized", ref value));
        Assert.Equal("Invalid call to 'GetValue'", fault.Message);
    }

    [Fact]
    public void AnAnnotationOfAnotherTypeIsRefusedWhenAdded()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ValueGetter<float> getter = (ref float value) => value = 1;
        Assert.Throws<ArgumentException>(() => builder.Add("A", NumberDataViewType.Int32, getter));
        Assert.Throws<ArgumentException>(() => builder.Add("A", NumberDataViewType.Int32, (Delegate)getter));
    }

    [Fact]
    public void SelectedAnnotationsAreTakenOver()
    {
        var source = new DataViewSchema.Annotations.Builder();
        source.AddPrimitiveValue("A", NumberDataViewType.Int32, 5);
        source.AddPrimitiveValue("B", NumberDataViewType.Int32, 6);
        var target = new DataViewSchema.Annotations.Builder();
        target.Add(source.ToAnnotations(), kind => kind == "B");
        DataViewSchema.Annotations annotations = target.ToAnnotations();
        int value = 0;
        annotations.GetValue("B", ref value);
        Assert.Equal(6, value);
        Assert.Equal("B", annotations.ToString());
    }

    [Fact]
    public void RowIdsDeriveDistinctIds()
    {
        var id = new DataViewRowId(1, 0);
        DataViewRowId[] ids = [id, id.Next(), id.Fork(), id.Fork().Next(), id.Next().Fork(), id.Combine(new(2, 0)), new DataViewRowId(2, 0).Combine(id)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal("00000000000000000000000000000001", id.ToString());
        Assert.Equal(id.Next(), new DataViewRowId(1, 0).Next());
    }
}
