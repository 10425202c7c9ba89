using TorchSharp;
using static Compat.Tensors.Values;
using static TorchSharp.torch;

namespace Compat.Tensors;

public sealed class IndexingTests
{
    private readonly Tensor m = arange(12, float32).reshape(3, 4);

    [Fact]
    public void Numbers_select()
    {
        Assert.Equal(6f, m[1, 2].item<float>());
        AreClose([8, 9, 10, 11], m[-1]);
        AreClose([3, 7, 11], m[TensorIndex.Colon, -1]);
    }

    [Fact]
    public void Ranges_slice()
    {
        AreClose([4, 5, 8, 9], m[1.., ..2]);
        AreClose([0, 2, 8, 10], m[TensorIndex.Slice(step: 2), TensorIndex.Slice(0, null, 2)]);
        AreClose([3, 7, 11], m[TensorIndex.Ellipsis, ^1]);
        AreClose([4, 5, 6, 7], m[1..^1]);
        Assert.Equal([3, 1, 4], m[TensorIndex.Colon, TensorIndex.None].shape);
    }

    [Fact]
    public void Tensors_gather()
    {
        Tensor rows = tensor(new long[] { 2, 0 });
        AreClose([8, 9, 10, 11, 0, 1, 2, 3], m[rows]);
        AreClose([9, 1], m[TensorIndex.Tensor(rows), 1]);
        AreClose([9, 10, 11], m[m > 8]);
        AreClose([9, 1], m.index_select(0, rows).select(1, 1));
    }

    [Fact]
    public void Assignment_writes_into_the_tensor()
    {
        m[0] = zeros(4);
        m[1.., 0] = tensor(new float[] { -1, -2 });
        m[TensorIndex.Tensor(m > 9)] = 9f;
        AreClose([0, 0, 0, 0, -1, 5, 6, 7, -2, 9, 9, 9], m);
    }

    [Fact]
    public void Masks_choose_and_fill()
    {
        Tensor even = m.remainder(2).eq(0);
        AreClose([0, 2, 4, 6, 8, 10], m.masked_select(even));
        Assert.Equal(36f, m.masked_fill(even, 0).sum().item<float>());
        AreClose([0, -1, 2, -1], where(even, m, tensor(-1f))[0]);
        Assert.Equal(6, even.nonzero().shape[0]);
    }

    [Fact]
    public void Gather_and_scatter_are_inverse()
    {
        Tensor index = tensor(new long[] { 2, 0 }, 1, 2);
        AreClose([2, 0], m.gather(1, index));
        AreClose([7, 0, 5, 0], zeros(1, 4).scatter(1, index, Matrix(1, 2, 5, 7)));
        AreClose([7, 0, 5, 0], zeros(1, 4).scatter_add_(1, index, Matrix(1, 2, 5, 7)));
        AreClose([0, 2, 0, 0], zeros(1, 4).index_fill_(1, tensor(new long[] { 1 }), 2));
    }

    [Fact]
    public void An_accessor_refuses_indices_outside()
    {
        Assert.Throws<IndexOutOfRangeException>(() => m.data<float>()[3, 0]);
        Assert.Throws<ArgumentException>(() => m.data<float>()[0]);
        Assert.Throws<ArgumentException>(() => m.data<int>());
    }
}
