using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tensors;

/// <summary>Short forms for tests: arrays in, arrays out.</summary>
internal static class Values
{
    public static Tensor Of(params float[] values) => tensor(values);

    public static Tensor Matrix(long rows, long columns, params float[] values) => tensor(values, rows, columns);

    public static float[] Floats(this Tensor tensor)
    {
        using Tensor plain = tensor.detach().to(float32);
        return plain.data<float>().ToArray();
    }

    public static long[] Longs(this Tensor tensor)
    {
        using Tensor plain = tensor.to(int64);
        return plain.data<long>().ToArray();
    }

    public static void AreClose(float[] expected, Tensor actual, float tolerance = 1e-6f)
    {
        float[] values = actual.Floats();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
            Assert.True(Math.Abs(expected[i] - values[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"[{i}] {expected[i]} expected, {values[i]} found");
    }
}
