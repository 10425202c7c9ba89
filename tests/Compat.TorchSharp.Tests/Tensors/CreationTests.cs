using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tensors;

public sealed class CreationTests
{
    [Fact]
    public void An_array_becomes_a_tensor_of_its_type_and_shape()
    {
        using Tensor matrix = tensor(new[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal(ScalarType.Int32, matrix.dtype);
        Assert.Equal([2, 3], matrix.shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], matrix.data<int>().ToArray());
    }

    [Fact]
    public void An_array_is_copied_by_tensor_and_shared_by_from_array()
    {
        float[] values = [1, 2, 3];
        using Tensor copy = tensor(values), shared = from_array(values);
        values[0] = 7;
        Assert.Equal([1f, 2, 3], copy.Floats());
        Assert.Equal([7f, 2, 3], shared.Floats());
    }

    [Fact]
    public void A_buffer_is_read_as_another_type_from_an_offset()
    {
        byte[] bytes = [0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64];
        using Tensor floats = frombuffer(bytes, ScalarType.Float32, offset: 4);
        Assert.Equal([1f, 2], floats.Floats());
        Assert.Throws<ArgumentException>(() => frombuffer(bytes, ScalarType.Float32, count: 3, offset: 4));
    }

    [Fact]
    public void Sizes_that_do_not_fit_the_array_are_rejected() =>
        Assert.Equal("mismatched total size creating a tensor from an array", Assert.Throws<ArgumentException>(() => tensor(new float[5], 2, 3)).Message);

    [Fact]
    public void Constant_tensors_take_the_default_type()
    {
        Assert.Equal([0f, 0], zeros(2).Floats());
        Assert.Equal([1f, 1], ones(1, 2).Floats());
        Assert.Equal(ScalarType.Float32, full(2, 2.5).dtype);
        Assert.Equal(ScalarType.Int64, full(2, 2).dtype);
        Assert.Equal([1f, 0, 0, 1], eye(2).Floats());
        Assert.Equal([3, 2], zeros(3, 2, dtype: float64).shape);
    }

    [Fact]
    public void Ranges_are_integers_when_their_ends_are()
    {
        Assert.Equal([2L, 5, 8], arange(2, 9, 3).data<long>().ToArray());
        Assert.Equal([0f, 0.5f, 1], arange(0, 1.25, 0.5).data<float>().ToArray());
        Assert.Equal([0f, 0.25f, 0.5f, 0.75f, 1], linspace(0, 1, 5).Floats());
    }

    [Fact]
    public void Likes_take_shape_and_type_unless_told_otherwise()
    {
        using Tensor doubles = zeros(2, 3, dtype: float64);
        Assert.Equal(ScalarType.Float64, doubles.ones_like().dtype);
        Assert.Equal(ScalarType.Int32, zeros_like(doubles, int32).dtype);
        Assert.Equal([2, 3], rand_like(doubles).shape);
        Assert.Equal([4], doubles.new_zeros(4).shape);
    }

    [Fact]
    public void Requires_grad_is_set_at_creation()
    {
        Assert.True(tensor(new float[] { 1 }, requires_grad: true).requires_grad);
        Assert.True(randn(2, 2, requires_grad: true).is_leaf);
        Assert.False(zeros(2).requires_grad);
    }

    [Fact]
    public void Strides_are_as_given()
    {
        using Tensor columns = empty_strided([2, 3], [1, 2]);
        Assert.Equal([1, 2], columns.stride());
        Assert.False(columns.is_contiguous());
    }
}
