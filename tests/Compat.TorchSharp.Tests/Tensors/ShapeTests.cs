using System.Runtime.InteropServices;
using TorchSharp;
using static Compat.Tensors.Values;
using static TorchSharp.torch;

namespace Compat.Tensors;

public sealed class ShapeTests
{
    private readonly Tensor m = arange(6, float32).reshape(2, 3);

    [Fact]
    public void Views_share_memory_and_copies_do_not()
    {
        Tensor view = m.view(3, 2), copy = m.clone();
        m[0, 0] = 9f;
        Assert.Equal(9f, view[0, 0].item<float>());
        Assert.Equal(0f, copy[0, 0].item<float>());
    }

    [Fact]
    public void Dimensions_are_moved_added_and_dropped()
    {
        Tensor image = zeros(2, 3, 4, 5);
        Assert.Equal([2, 4, 5, 3], image.permute(0, 2, 3, 1).shape);
        Assert.Equal([2, 60], image.flatten(1).shape);
        Assert.Equal([2, 3, 2, 2, 5], image.unflatten(2, 2, 2).shape);
        Assert.Equal([2, 1, 3, 4, 5], image.unsqueeze(1).shape);
        Assert.Equal([2, 3, 4, 5], image.unsqueeze(-1).squeeze(-1).shape);
        Assert.Equal([2, 4, 3, 5], image.transpose(1, 2).shape);
        Assert.Equal([2, 3, 2, 10], image.reshape(2, 3, 2, -1).shape);
        Assert.Equal([4, 2, 3, 5], image.movedim([2], [0]).shape);
    }

    [Fact]
    public void Transposed_elements_are_read_in_the_new_order()
    {
        Assert.Equal([0f, 3, 1, 4, 2, 5], m.t().data<float>().ToArray());
        Assert.Equal(4f, m.t().data<float>()[1, 1]);
        Assert.Equal(new float[,] { { 0, 3 }, { 1, 4 }, { 2, 5 } }, m.t().data<float>().ToNDArray());
        Assert.True(m.t().contiguous().is_contiguous());
    }

    [Fact]
    public void Tensors_are_joined_and_split()
    {
        AreClose([0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5], cat([m, m], 1));
        Assert.Equal([2, 2, 3], stack([m, m]).shape);
        Assert.Equal(["[2x2]", "[2x1]"], m.split(2, 1).Select(part => $"[{part.shape[0]}x{part.shape[1]}]"));
        Assert.Equal([3, 3], m.chunk(2).Select(part => part.numel()));
        Assert.Equal(20, arange(20).unbind().Length);
        Assert.Equal([1L, 2], m.split([1L, 2], 1).Select(part => part.shape[1]));
    }

    [Fact]
    public void Elements_are_repeated_flipped_and_rolled()
    {
        AreClose([2, 1, 0, 5, 4, 3], m.flip(1));
        AreClose([2, 0, 1, 5, 3, 4], m.roll(1, 1));
        Assert.Equal([4, 3], m.repeat(2, 1).shape);
        Assert.Equal([3, 2, 3], m.expand(3, 2, 3).shape);
        AreClose([0, 1, 2], m.narrow(0, 0, 1));
        AreClose([0, 0, 0, 3, 4, 0], m.tril());
    }

    [Fact]
    public void Sizes_and_strides_are_told()
    {
        Assert.Equal(2, m.Dimensions);
        Assert.Equal(6, m.NumberOfElements);
        Assert.Equal(3, m.size(-1));
        Assert.Equal([3, 1], m.stride());
        Assert.Throws<ArgumentOutOfRangeException>(() => m.size(2));
    }

    [Fact]
    public void A_view_that_cannot_be_is_refused() => Assert.Throws<ExternalException>(() => m.view(4, 2));
}
