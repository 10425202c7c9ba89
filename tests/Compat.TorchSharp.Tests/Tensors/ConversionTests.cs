using TorchSharp;
using static Compat.Tensors.Values;
using static TorchSharp.torch;

namespace Compat.Tensors;

public sealed class ConversionTests
{
    public static TheoryData<ScalarType> Types => [.. Enum.GetValues<ScalarType>().Where(t => !is_complex(t) && t != ScalarType.Bool)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Small_integers_survive_every_type(ScalarType type)
    {
        using Tensor there = Of(0, 1, 100).to(type);
        Assert.Equal(type, there.dtype);
        Assert.Equal(type.ElementSize(), there.ElementSize);
        Assert.Equal([0f, 1, 100], there.Floats());
    }

    [Fact]
    public void Floats_are_cut_to_bfloat16_by_rounding() => AreClose([1.0078125f], Of(1.006f).bfloat16());

    [Fact]
    public void Bytes_go_in_and_out()
    {
        using Tensor x = zeros(2, dtype: bfloat16);
        x.bytes = new byte[] { 0x80, 0x3f, 0x00, 0x40 };
        Assert.Equal([1f, 2], x.Floats());
        Assert.Equal([0x80, 0x3f, 0x00, 0x40], x.bytes.ToArray());
        Assert.Throws<ArgumentException>(() => x.bytes = new byte[3]);
    }

    [Fact]
    public void Single_elements_become_numbers()
    {
        Assert.Equal(2.5f, tensor(2.5f).item<float>());
        Assert.Equal(2.5, tensor(2.5f).ToDouble());
        Assert.Equal(7, (int)tensor(7L));
        Assert.True(tensor(true).ToBoolean());
        Assert.Throws<ArgumentException>(() => tensor(2.5f).item<double>());
        Assert.Throws<ArgumentException>(() => Of(1, 2).item<float>());
    }

    [Fact]
    public void Half_precision_is_read_as_half() =>
        Assert.Equal([(Half)0.5f, (Half)2], Of(0.5f, 2).half().data<Half>().ToArray());

    [Fact]
    public void Types_are_promoted_as_in_libtorch()
    {
        Assert.Equal(ScalarType.Float32, promote_types(ScalarType.Int64, ScalarType.Float32));
        Assert.Equal(ScalarType.Float32, (tensor(new long[] { 1 }) * 0.5).dtype);
        Assert.Equal(ScalarType.Float64, (tensor(new double[] { 1 }) + Of(1)).dtype);
        Assert.False(can_cast(ScalarType.Float32, ScalarType.Int32));
    }

    [Fact]
    public void Converting_can_dispose_the_source()
    {
        Tensor source = Of(1);
        using Tensor converted = source.to(float64, disposeAfter: true);
        Assert.True(source.IsInvalid);
        Assert.Equal(1.0, converted.item<double>());
    }

    [Fact]
    public void A_saved_tensor_is_read_back()
    {
        using MemoryStream stream = new();
        arange(6, float64).reshape(2, 3).t().Save(stream);
        Of(5).Save(stream);
        Assert.Equal([7, 2, 3, 2], stream.ToArray()[..4]);
        stream.Position = 0;
        using Tensor first = Tensor.Load(stream), second = Tensor.Load(stream);
        Assert.Equal([0f, 3, 1, 4, 2, 5], first.Floats());
        Assert.Equal([5f], second.Floats());
    }

    [Fact]
    public void A_tensor_goes_through_a_file()
    {
        string path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());
        try
        {
            Of(1, 2, 3).Save(path);
            AreClose([1, 2, 3], Tensor.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Loading_into_another_shape_or_type_is_refused()
    {
        using MemoryStream stream = new();
        Of(1, 2).Save(stream);
        using BinaryReader reader = new(stream);
        foreach (Tensor target in new[] { zeros(3), zeros(2, dtype: float64) })
        {
            stream.Position = 0;
            Assert.Throws<ArgumentException>(() => target.Load(reader));
        }
    }

    [Fact]
    public void A_tensor_tells_its_shape_type_and_device()
    {
        Assert.Equal("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());
        Assert.Equal("[], type = Int64, device = cpu, value = 7", tensor(7L).ToString());
        Assert.Equal("[[1 2]\n [3 4]]", Matrix(2, 2, 1, 2, 3, 4).npstr());
        Assert.Equal("[0 1 2 ... 7 8 9]", arange(10).npstr());
    }
}
