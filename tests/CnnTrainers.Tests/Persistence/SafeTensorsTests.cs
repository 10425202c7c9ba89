using System.Text;
using CnnTrainers.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Persistence;

public class SafeTensorsTests
{
    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();

        SafeTensors.Write(stream, [("a", tensor([1f, 2f])), ("n", tensor(7L))]);

        var header = """{"__metadata__":{"format":"pt"},"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. BitConverter.GetBytes(7L), .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)];
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void Values_come_back_exactly()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        var a = arange(24).to(ScalarType.Float32).reshape(2, 3, 4);
        SafeTensors.Write(stream, [("x", a.permute(2, 0, 1))]);
        stream.Position = 0;

        var target = zeros(4, 2, 3);
        SafeTensors.ReadInto(stream, SafeTensors.ReadHeader(stream), [("x", target)]);

        Assert.True(a.permute(2, 0, 1).eq(target).all().ToBoolean());
    }

    [Fact]
    public void All_differences_are_told_together()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Entry[] entries = [new("kept", "F32", [2], 0, 8), new("bent", "F32", [3, 1], 8, 20), new("surplus", "F32", [1], 20, 24)];

        var differences = SafeTensors.Differences(entries, [("kept", zeros(2)), ("bent", zeros(1, 3)), ("lost", zeros(4))]);

        Assert.Equal(["bent is F32 [3, 1], expected F32 [1, 3]", "lost is missing, expected F32 [4]", "surplus is not part of the network"], differences);
    }

    [Theory]
    [InlineData(0, "the length of the header should take 8 bytes, 0 are left")]
    [InlineData(20, "the header should take")]
    [InlineData(-1, "the values of x should take 96 bytes, 95 are left")]
    public void A_stream_that_is_cut_off_is_told(int length, string message)
    {
        using var scope = NewDisposeScope();
        using var whole = new MemoryStream();
        SafeTensors.Write(whole, [("x", zeros(24))]);
        var bytes = whole.ToArray();
        using var cut = new MemoryStream(bytes[..(length < 0 ? bytes.Length + length : length)]);

        var error = Assert.Throws<InvalidDataException>(() => SafeTensors.ReadInto(cut, SafeTensors.ReadHeader(cut), [("x", zeros(24))]));

        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""")]
    [InlineData("""{"x":{"dtype":"C99","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("""{"x":{"dtype":"F32"}}""")]
    [InlineData("""{"x":""")]
    [InlineData("""[1]""")]
    public void A_header_that_contradicts_itself_is_refused(string header)
    {
        using var stream = new MemoryStream([.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header)]);

        Assert.Throws<InvalidDataException>(() => SafeTensors.ReadHeader(stream));
    }
}
