using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace Compat.MLNet.Tests.Core;

public sealed class SchemaShapeTests
{
    [Theory]
    [InlineData(VectorKind.Scalar, false, "UInt32")]
    [InlineData(VectorKind.Scalar, true, "Key<UInt32>")]
    [InlineData(VectorKind.Vector, false, "Vector<UInt32>")]
    [InlineData(VectorKind.VariableVector, true, "VarVector<Key<UInt32>>")]
    public void AColumnPrintsItsShape(VectorKind kind, bool isKey, string text) =>
        Assert.Equal(text, new SchemaShape.Column("C", kind, NumberDataViewType.UInt32, isKey).GetTypeString());

    [Fact]
    public void AShapeIsMadeFromVisibleColumns()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", TextDataViewType.Instance);
        builder.AddColumn("V", new VectorDataViewType(NumberDataViewType.Single));
        builder.AddColumn("A", new VectorDataViewType(new KeyDataViewType(typeof(byte), 2), 3));
        var shape = SchemaShape.Create(builder.ToSchema());
        Assert.Equal(["V VarVector<Single>", "A Vector<Key<Byte>>"], shape.Select(c => $"{c.Name} {c.GetTypeString()}"));
    }

    [Fact]
    public void MoreAnnotationsThanAskedForAreCompatible()
    {
        var plain = new SchemaShape.Column("L", VectorKind.Scalar, NumberDataViewType.UInt32, true);
        var named = new SchemaShape.Column("L", VectorKind.Scalar, NumberDataViewType.UInt32, true,
            new SchemaShape([new("KeyValues", VectorKind.Vector, TextDataViewType.Instance, false)]));
        Assert.True(plain.IsCompatibleWith(named));
        Assert.False(named.IsCompatibleWith(plain));
        Assert.False(plain.IsCompatibleWith(new("L", VectorKind.Scalar, NumberDataViewType.UInt32, false)));
    }

    [Fact]
    public void AnItemTypeIsNeitherKeyNorVector()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SchemaShape.Column("C", VectorKind.Scalar, new KeyDataViewType(typeof(uint), 2), true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SchemaShape.Column("C", VectorKind.Scalar, NumberDataViewType.Single, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SchemaShape([default]));
    }

    [Fact]
    public void AMulticlassScorePromisesNamesOnlyWhereTheLabelHasThem()
    {
        var label = new SchemaShape.Column("L", VectorKind.Scalar, NumberDataViewType.UInt32, true,
            new SchemaShape([new("KeyValues", VectorKind.Vector, TextDataViewType.Instance, false)]));
        string[] always = ["ScoreColumnSetId", "ScoreColumnKind", "ScoreValueKind"];
        Assert.Equal(always, AnnotationUtils.AnnotationsForMulticlassScoreColumn().Select(c => c.Name));
        Assert.Equal(["SlotNames", "TrainingLabelValues", .. always], AnnotationUtils.AnnotationsForMulticlassScoreColumn(label).Select(c => c.Name));
        Assert.Equal("Key<UInt32, 0-2147483646>", AnnotationUtils.ScoreColumnSetIdType.ToString());
    }
}
