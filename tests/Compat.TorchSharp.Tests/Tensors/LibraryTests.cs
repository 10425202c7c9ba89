using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tensors;

public sealed class LibraryTests
{
    [Fact]
    public void The_version_of_libtorch_is_told() => Assert.Matches(@"^[12]\.\d+", __version__);

    [Fact]
    public void The_instructions_that_libtorch_uses_are_told() => Assert.Matches("^(DEFAULT|NO AVX|AVX2|AVX512|VSX|Z VECTOR)$", CpuCapability);

    [Fact]
    public void The_number_of_threads_is_set()
    {
        int before = get_num_threads();
        try
        {
            set_num_threads(2);
            Assert.Equal(2, get_num_threads());
            Assert.Throws<ExternalException>(() => set_num_threads(0));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void Devices_are_parsed_and_written()
    {
        Assert.Equal("cpu", new Device("cpu").ToString());
        Assert.Equal("cuda:1", new Device("cuda:1").ToString());
        Assert.Equal(DeviceType.CUDA, device("cuda").type);
        Assert.Throws<ArgumentException>(() => new Device("gpu"));
        Assert.Equal(cuda.is_available(), cuda.device_count() > 0);
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused()
    {
        if (cuda.is_available()) Assert.True(zeros(1, device: CUDA).is_cuda);
        else Assert.Throws<InvalidOperationException>(() => zeros(1, device: new Device("cuda")));
    }

    [Fact]
    public void An_unknown_operator_is_named()
    {
        ExternalException error = Assert.Throws<ExternalException>(() => Op.Call("aten::no_such.overload", 1));
        Assert.Contains("no operator aten::no_such.overload", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_that_do_not_fit_the_schema_are_refused()
    {
        using Tensor x = zeros(2);
        Assert.Contains("takes 1 arguments, got 2", Assert.Throws<ExternalException>(() => Op.Call("aten::abs", x, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("missing", Assert.Throws<ExternalException>(() => Op.Call("aten::matmul", x)).Message, StringComparison.Ordinal);
        Assert.Throws<ExternalException>(() => Op.Call("aten::abs", "text"));
    }

    [Fact]
    public void Limits_of_types_are_those_of_their_formats()
    {
        Assert.Equal(1.1920928955078125e-7, finfo(ScalarType.Float32).eps);
        Assert.Equal(65504, finfo(ScalarType.Float16).max);
        Assert.Equal(127, max_int_value(ScalarType.Int8));
    }

    [Fact]
    public void Sizes_compare_and_add()
    {
        Size size = (2, 3);
        Assert.Equal(6, size.numel());
        Assert.True(size + new Size(4) == new Size(new long[] { 2, 3, 4 }));
        Assert.Equal([3L], size.Slice(1, 2));
    }
}
