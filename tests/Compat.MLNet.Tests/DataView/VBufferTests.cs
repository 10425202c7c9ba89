using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.DataView;

public sealed class VBufferTests
{
    private static VBuffer<float> Sparse => new(6, 2, [10, 20], [1, 4]);

    [Fact]
    public void ASparseVectorReadsAsItsDenseValues()
    {
        Assert.False(Sparse.IsDense);
        Assert.Equal([0, 10, 0, 0, 20, 0], Sparse.DenseValues());
        Assert.Equal([1, 4], Sparse.Items().Select(i => i.Key));
        Assert.Equal([0f, 10, 0, 0, 20, 0], Sparse.Items(all: true).Select(i => i.Value));
        Assert.Equal(20, Sparse.GetItemOrDefault(4));
        Assert.Equal(0, Sparse.GetItemOrDefault(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sparse.GetItemOrDefault(6));
        Assert.Equal("Sparse vector of size 6, 2 explicit values", Sparse.ToString());
    }

    [Fact]
    public void AnArrayLongerThanTheVectorIsCutToIt()
    {
        var buffer = new VBuffer<int>(2, [1, 2, 3]);
        Assert.True(buffer.IsDense);
        Assert.Equal([1, 2], buffer.GetValues().ToArray());
        Assert.True(buffer.GetIndices().IsEmpty);
        Assert.Equal("Dense vector of size 2", buffer.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, 2, [1, 2], [0]));
    }

    [Fact]
    public void CopyingReusesTheDestinationsArrays()
    {
        var destination = new VBuffer<float>(8, new float[8]);
        float[] old = destination._values;
        Sparse.CopyTo(ref destination);
        Assert.Same(old, destination._values);
        Assert.Equal([1, 4], destination.GetIndices().ToArray());
        Sparse.CopyToDense(ref destination);
        Assert.True(destination.IsDense);
        Assert.Same(old, destination._values);
        Assert.Equal([0, 10, 0, 0, 20, 0], destination.GetValues().ToArray());
    }

    [Theory]
    [InlineData(0, 6, 2)]
    [InlineData(1, 3, 1)]
    [InlineData(2, 2, 0)]
    [InlineData(4, 1, 1)]
    public void ASliceOfASparseVectorIsTheSliceOfItsValues(int start, int length, int stored)
    {
        VBuffer<float> slice = default;
        Sparse.CopyTo(ref slice, start, length);
        Assert.Equal(Sparse.DenseValues().Skip(start).Take(length), slice.DenseValues());
        Assert.Equal(stored, slice.GetValues().Length);
    }

    [Fact]
    public void CopyingToASpanFillsTheGaps()
    {
        var target = new float[8];
        Sparse.CopyTo(target, 1, defaultValue: -1);
        Assert.Equal([0, -1, 10, -1, -1, 20, -1, 0], target);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sparse.CopyTo(new float[5]));
    }

    [Fact]
    public void AnEditorGrowsAndKeepsOldValuesOnlyWhenAsked()
    {
        var buffer = new VBuffer<int>(2, [1, 2]);
        VBufferEditor<int> kept = VBufferEditor.Create(ref buffer, 3, keepOldOnResize: true);
        Assert.True(kept.CreatedNewValues);
        Assert.Equal([1, 2, 0], kept.Values.ToArray());
        VBufferEditor<int> fresh = VBufferEditor.Create(ref buffer, 3);
        Assert.Equal([0, 0, 0], fresh.Values.ToArray());
        Assert.Equal([1, 2], buffer.GetValues().ToArray());
    }

    [Fact]
    public void AnEditorCommitsASparseVector()
    {
        VBuffer<int> buffer = default;
        VBufferEditor<int> editor = VBufferEditor.Create(ref buffer, 5, valuesCount: 3);
        editor.Values[0] = 7;
        editor.Indices[0] = 2;
        buffer = editor.CommitTruncated(1);
        Assert.Equal([0, 0, 7, 0, 0], buffer.DenseValues());
        Assert.Throws<ArgumentOutOfRangeException>(() => VBufferEditor.Create(ref buffer, 2, valuesCount: 3).Commit());
    }
}
