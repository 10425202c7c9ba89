using System.Runtime.InteropServices;
using TorchSharp;
using static Compat.Tensors.Values;
using static TorchSharp.torch;

namespace Compat.Tensors;

public sealed class ArithmeticTests
{
    private readonly Tensor a = Of(1, 2, 3), b = Of(4, -5, 6);

    [Fact]
    public void Operators_work_element_by_element()
    {
        AreClose([5, -3, 9], a + b);
        AreClose([-3, 7, -3], a - b);
        AreClose([4, -10, 18], a * b);
        AreClose([0.25f, -0.4f, 0.5f], a / b);
        AreClose([1, 0, 1], a % 2);
        AreClose([-1, -2, -3], -a);
    }

    [Fact]
    public void Numbers_stand_on_either_side()
    {
        AreClose([2, 3, 4], a + 1);
        AreClose([0, -1, -2], 1 - a);
        AreClose([6, 3, 2], 6.0 / a);
        AreClose([0.5f, 1, 1.5f], 0.5f * a);
    }

    [Fact]
    public void In_place_operations_give_the_same_object()
    {
        using Tensor x = Of(1, 4, 9);
        Assert.Same(x, x.sqrt_());
        Assert.Same(x, x.add_(1).mul_(a));
        AreClose([2, 6, 12], x);
    }

    [Fact]
    public void Scaled_additions_take_alpha_and_value()
    {
        AreClose([9, -8, 15], a.add(b, 2));
        AreClose([3, -3, 12], a.addcmul(a, b, 0.5));
        AreClose([1.25f, 1.6f, 3.5f], a.addcdiv(a, b));
    }

    [Fact]
    public void Functions_agree_with_those_of_the_library_of_dotnet()
    {
        float[] values = [0.1f, 0.5f, 0.9f];
        Tensor x = Of(values);
        AreClose(values.Select(MathF.Exp).ToArray(), x.exp());
        AreClose(values.Select(v => MathF.Log(v)).ToArray(), x.log());
        AreClose(values.Select(MathF.Tanh).ToArray(), x.tanh());
        AreClose(values.Select(v => MathF.Pow(v, 3)).ToArray(), x.pow(3));
        AreClose(values.Select(v => 1 / (1 + MathF.Exp(-v))).ToArray(), x.sigmoid());
        AreClose(values.Select(v => 1 / MathF.Sqrt(v)).ToArray(), x.rsqrt());
    }

    [Fact]
    public void Rounding_and_clamping_do_what_they_say()
    {
        Tensor x = Of(-1.6f, 0.4f, 2.5f);
        AreClose([-2, 0, 2], x.round());
        AreClose([-2, 0, 2], x.floor());
        AreClose([-1, 0.4f, 1], x.clamp(-1, 1));
        AreClose([0, 0.4f, 2.5f], x.relu());
        AreClose([-1, 0, 1], x.div(2, RoundingMode.floor));
        AreClose([0, 0, 1], x.div(2, RoundingMode.trunc));
    }

    [Fact]
    public void Comparisons_give_truth_values()
    {
        Assert.Equal([false, true, true], (a >= 2).data<bool>().ToArray());
        Assert.Equal([true, false, true], a.lt(b).data<bool>().ToArray());
        Assert.Equal([false, true, false], (a == 2).data<bool>().ToArray());
        Assert.True((a > 0).all().ToBoolean());
        Assert.False((a > 3).any().ToBoolean());
        Assert.True(a.allclose(a + 1e-9));
        Assert.True(a.Equals(a.clone()));
    }

    [Fact]
    public void Not_a_number_and_infinity_are_found()
    {
        Tensor x = Of(1, float.NaN, float.PositiveInfinity);
        Assert.Equal([false, true, false], x.isnan().data<bool>().ToArray());
        Assert.Equal([true, false, false], isfinite(x).data<bool>().ToArray());
        AreClose([1, 0, 9], x.nan_to_num(0, posinf: 9));
    }

    [Fact]
    public void Products_of_matrices_are_those_computed_by_hand()
    {
        Tensor m = Matrix(2, 3, 1, 2, 3, 4, 5, 6);
        AreClose([14, 32, 32, 77], m.matmul(m.t()));
        AreClose([14, 32], m.mv(a));
        AreClose([14, 32, 32, 77], einsum("ij,kj->ik", m, m));
        AreClose([14, 32, 32, 77], m.unsqueeze(0).bmm(m.T.unsqueeze(0)));
        AreClose([15, 33, 33, 78], ones(2, 2).addmm(m, m.t()));
        Assert.Equal(14f, a.dot(a).item<float>());
    }

    [Fact]
    public void Shapes_that_do_not_fit_give_libtorchs_message_without_a_stack()
    {
        Tensor m = Matrix(2, 3, 1, 2, 3, 4, 5, 6);
        ExternalException error = Assert.Throws<ExternalException>(() => m.matmul(m));
        Assert.Equal("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", error.Message);
        error = Assert.Throws<ExternalException>(() => m + zeros(2));
        Assert.StartsWith("The size of tensor a (3) must match the size of tensor b (2)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("frame #", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_tensor_is_named_in_the_error() =>
        Assert.Throws<ExternalException>(() => a.add((Tensor)null));
}
