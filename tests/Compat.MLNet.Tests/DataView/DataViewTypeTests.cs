using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.DataView;

public sealed class DataViewTypeTests
{
    public static TheoryData<DataViewType, string, Type> Printed => new()
    {
        { NumberDataViewType.SByte, "SByte", typeof(sbyte) },
        { NumberDataViewType.Byte, "Byte", typeof(byte) },
        { NumberDataViewType.Int64, "Int64", typeof(long) },
        { NumberDataViewType.Single, "Single", typeof(float) },
        { NumberDataViewType.Double, "Double", typeof(double) },
        { TextDataViewType.Instance, "String", typeof(ReadOnlyMemory<char>) },
        { BooleanDataViewType.Instance, "Boolean", typeof(bool) },
        { TimeSpanDataViewType.Instance, "TimeSpan", typeof(TimeSpan) },
        { DateTimeDataViewType.Instance, "DateTime", typeof(DateTime) },
        { DateTimeOffsetDataViewType.Instance, "DateTimeOffset", typeof(DateTimeOffset) },
        { RowIdDataViewType.Instance, "DataViewRowId", typeof(DataViewRowId) },
        { new KeyDataViewType(typeof(uint), 3), "Key<UInt32, 0-2>", typeof(uint) },
        { new KeyDataViewType(typeof(byte), 255), "Key<Byte, 0-254>", typeof(byte) },
        { new VectorDataViewType(NumberDataViewType.Single, 3, 4, 6), "Vector<Single, 3, 4, 6>", typeof(VBuffer<float>) },
        { new VectorDataViewType(NumberDataViewType.Single, 4), "Vector<Single, 4>", typeof(VBuffer<float>) },
        { new VectorDataViewType(NumberDataViewType.Single), "Vector<Single>", typeof(VBuffer<float>) },
        { new VectorDataViewType(TextDataViewType.Instance, 0, 2), "Vector<String, *, 2>", typeof(VBuffer<ReadOnlyMemory<char>>) },
        { new VectorDataViewType(new KeyDataViewType(typeof(uint), 2), 5), "Vector<Key<UInt32, 0-1>, 5>", typeof(VBuffer<uint>) },
    };

    [Theory]
    [MemberData(nameof(Printed))]
    public void ATypePrintsAndHasItsRawType(DataViewType type, string text, Type rawType)
    {
        Assert.Equal(text, type.ToString());
        Assert.Equal(rawType, type.RawType);
    }

    [Fact]
    public void VectorsAreEqualByItemAndDimensions()
    {
        var vector = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        Assert.True(vector.Equals((object)new VectorDataViewType(NumberDataViewType.Single, 2, 3)));
        Assert.Equal(vector.GetHashCode(), new VectorDataViewType(NumberDataViewType.Single, 2, 3).GetHashCode());
        Assert.False(vector.Equals(new VectorDataViewType(NumberDataViewType.Single, 6)));
        Assert.False(vector.Equals(new VectorDataViewType(NumberDataViewType.Single, 3, 2)));
        Assert.False(vector.Equals(new VectorDataViewType(NumberDataViewType.Double, 2, 3)));
    }

    [Fact]
    public void KeysAreEqualByRawTypeAndCount()
    {
        var key = new KeyDataViewType(typeof(uint), 3);
        Assert.True(key.Equals((object)new KeyDataViewType(typeof(uint), 3UL)));
        Assert.False(key.Equals(new KeyDataViewType(typeof(uint), 4)));
        Assert.False(key.Equals(new KeyDataViewType(typeof(ulong), 3)));
        Assert.False(key.Equals(NumberDataViewType.UInt32));
    }

    [Fact]
    public void AKeyNeedsAnUnsignedTypeAndACountThatFits()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(int), 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 256));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), -1));
    }

    [Fact]
    public void AVectorOfUnknownDimensionHasNoSize()
    {
        var vector = new VectorDataViewType(NumberDataViewType.Byte, 0, 3);
        Assert.False(vector.IsKnownSize);
        Assert.Equal(0, vector.Size);
        Assert.Equal([0, 3], vector.Dimensions.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Byte, -1));
    }

    [Fact]
    public void ARegisteredTypeIsFoundByItsAttribute()
    {
        var type = new BoxType();
        DataViewTypeManager.Register(type, typeof(Box), new BoxAttribute());
        DataViewTypeManager.Register(type, typeof(Box), new BoxAttribute());
        Assert.Same(type, DataViewTypeManager.GetDataViewType(typeof(Box), new BoxAttribute()));
        Assert.Null(DataViewTypeManager.GetDataViewTypeOrNull(typeof(Box), null));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataViewTypeManager.Register(new BoxType(), typeof(Box), new BoxAttribute()));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataViewTypeManager.Register(type, typeof(float)));
    }

    private sealed class Box;

    private sealed class BoxType() : StructuredDataViewType(typeof(Box))
    {
        public override bool Equals(DataViewType other) => ReferenceEquals(this, other);
    }

    private sealed class BoxAttribute : DataViewTypeAttribute
    {
        public override bool Equals(DataViewTypeAttribute other) => other is BoxAttribute;

        public override int GetHashCode() => 7;

        public override void Register()
        {
        }
    }
}
